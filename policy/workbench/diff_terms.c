/* diff_terms.c - see diff.h: rules, limits, layers, catalogues, and the terms of projects. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "policy/workbench/diff.h"

#define EVERYBODY "everybody"
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define VALUE 40

static enum sl_effect_kind by_order(int64_t from, int64_t to, int higher_is_stricter)
{
	if (higher_is_stricter == 0)
		return SL_EFFECT_CHANGES;
	return (to > from) == (higher_is_stricter > 0) ? SL_EFFECT_STRICTER : SL_EFFECT_LOOSER;
}

/* What more of a rule's number means. A rule that is not here changes, and nobody says how. */
static const struct rule_order {
	const char *name;
	int higher_is_stricter;
	bool percent; /* on scale 3 */
	bool zero_off;
	bool off_switch;
} rule_orders[] = {
	{"threshold", 1, false, false, false},
	{"dof", 1, false, false, false},
	{"dominance_n", 1, false, true, false},
	{"dominance_k", -1, true, true, false},
	{"p_percent", 1, true, true, false},
	{"group_percent", -1, true, false, false},
	{"numerator", -1, false, false, true},
	{"group_disclosure", -1, false, false, true},
	{"within_group", -1, false, false, true},
	{"all_equal", -1, false, false, true},
	{"small_complement", -1, false, false, true},
	{"context", -1, false, false, true},
	{"zeros_show", -1, false, false, false},
	{"jitter", 1, false, false, false},
	{"near", -1, false, false, false},
};

static const struct rule_order *order_of(const char *name)
{
	static const struct rule_order none = {.name = ""};

	for (size_t i = 0; i < COUNT(rule_orders); i++)
		if (strcmp(rule_orders[i].name, name) == 0)
			return &rule_orders[i];
	return &none;
}

static uint64_t scalar(const void *base, size_t offset, size_t size)
{
	uint64_t u64;
	uint32_t u32;

	if (size == 1)
		return ((const uint8_t *)base)[offset];
	memcpy(size == 4 ? (void *)&u32 : (void *)&u64, (const char *)base + offset, size);
	return size == 4 ? u32 : u64;
}

static void rule_text(const struct rule_order *o, uint64_t v, char out[static VALUE])
{
	if (o->off_switch)
		(void)snprintf(out, VALUE, "%s", v != 0 ? "off" : "on");
	else if (o->zero_off && v == 0)
		(void)snprintf(out, VALUE, "off");
	else if (strcmp(o->name, "near") == 0)
		(void)snprintf(out, VALUE, "%s", v == SL_NEAR_EARLIER ? "earlier" : "refuse");
	else if (o->percent)
		(void)snprintf(out, VALUE, "%g %%", (double)v / 1000);
	else
		(void)snprintf(out, VALUE, "%" PRIu64, v);
}

/* Every field that goes to sluice-check: a rule that comes later is compared without a word here. */
static void rules(const struct sl_rules *now, const struct sl_rules *next, struct sl_effects *out)
{
	char from[VALUE], to[VALUE];

	for (size_t i = 0; i < sl_rules_record.nfields; i++) {
		const struct sl_field *f = &sl_rules_record.fields[i];
		const struct rule_order *o = order_of(f->name);
		size_t size = f->kind == SL_KIND_U8 ? 1 : 4;
		uint64_t a = scalar(now, f->offset, size), b = scalar(next, f->offset, size);
		bool switched = o->zero_off && (a == 0 || b == 0);

		if (a == b)
			continue;
		rule_text(o, a, from);
		rule_text(o, b, to);
		sl_effects_add(out, switched ? by_order((int64_t)a, (int64_t)b, 1)
		                             : by_order((int64_t)a, (int64_t)b, o->higher_is_stricter),
		               SL_EFFECT_RULE, EVERYBODY, from, to, "rule %s", f->name);
	}
}

/* Less is stricter of each, but for the slot: a longer one tells less. */
#define LIMIT(m) {#m, offsetof(struct sl_limits, m), sizeof((struct sl_limits *)NULL)->m}
static const struct {
	const char *name;
	size_t offset, size;
} limit_rows[] = {
	LIMIT(script_cpu_ms), LIMIT(script_wall_ms), LIMIT(engine_cpu_ms), LIMIT(engine_wall_ms), LIMIT(check_cpu_ms),
	LIMIT(check_wall_ms), LIMIT(load_cpu_ms), LIMIT(load_wall_ms), LIMIT(script_memory_bytes),
	LIMIT(engine_memory_bytes), LIMIT(check_memory_bytes), LIMIT(load_memory_bytes), LIMIT(plans_max),
	LIMIT(cells_max), LIMIT(nodes_max), LIMIT(print_bytes_max), LIMIT(output_bytes_max), LIMIT(frames_max),
	LIMIT(slot_ms), LIMIT(threads), LIMIT(rows_max), LIMIT(secondary_work),
};

static void limits(const struct sl_limits *now, const struct sl_limits *next, struct sl_effects *out)
{
	char from[VALUE], to[VALUE];

	for (size_t i = 0; i < COUNT(limit_rows); i++) {
		uint64_t a = scalar(now, limit_rows[i].offset, limit_rows[i].size);
		uint64_t b = scalar(next, limit_rows[i].offset, limit_rows[i].size);

		if (a == b)
			continue;
		(void)snprintf(from, sizeof from, "%" PRIu64, a);
		(void)snprintf(to, sizeof to, "%" PRIu64, b);
		sl_effects_add(out, by_order((int64_t)a, (int64_t)b, strcmp(limit_rows[i].name, "slot_ms") == 0 ? 1 : -1),
		               SL_EFFECT_LIMIT, EVERYBODY, from, to, "limit %s", limit_rows[i].name);
	}
}

static void released_text(uint64_t n, char out[static VALUE])
{
	if (n == SL_RELEASED_UNBOUNDED)
		(void)snprintf(out, VALUE, "unbounded");
	else
		(void)snprintf(out, VALUE, "%" PRIu64, n);
}

/* As it holds for the project, wherever it is said. */
static void released(const struct sl_project *now, const struct sl_project *next, struct sl_effects *out)
{
	uint64_t a = now->released_numbers_max, b = next->released_numbers_max;
	char from[VALUE], to[VALUE];

	if (a == b)
		return;
	released_text(a, from);
	released_text(b, to);
	sl_effects_add(out, b < a ? SL_EFFECT_STRICTER : SL_EFFECT_LOOSER, SL_EFFECT_TERMS, now->name, from, to,
	               "numbers that may leave of one unit space");
}

static void terms(const struct sl_project *now, const struct sl_project *next, struct sl_effects *out)
{
	char from[SL_DECIMAL_TEXT], to[SL_DECIMAL_TEXT];

	if (now->owner_approval != next->owner_approval)
		sl_effects_add(out, by_order(now->owner_approval, next->owner_approval, 1), SL_EFFECT_TERMS, now->name,
		               now->owner_approval ? "yes" : "no", next->owner_approval ? "yes" : "no", "owner approval");
	if (now->approvals != next->approvals) {
		(void)snprintf(from, sizeof from, "%u", now->approvals);
		(void)snprintf(to, sizeof to, "%u", next->approvals);
		sl_effects_add(out, by_order(now->approvals, next->approvals, 1), SL_EFFECT_TERMS, now->name, from, to,
		               "approvals");
	}
	if (now->expires != next->expires) {
		(void)sl_format_date(now->expires, from);
		(void)sl_format_date(next->expires, to);
		sl_effects_add(out, by_order(now->expires, next->expires, -1), SL_EFFECT_TERMS, now->name, from, to, "last day");
	}
	released(now, next, out);
	if (strcmp(now->purpose, next->purpose) != 0)
		sl_effects_add(out, SL_EFFECT_CHANGES, SL_EFFECT_TERMS, now->name, now->purpose, next->purpose, "purpose");
}

/* Pins of one policy that the other lacks; pins of both that differ are told once. */
static void pins(const struct sl_policy *a, const struct sl_policy *b, enum sl_effect_kind kind,
                 struct sl_effects *out)
{
	for (uint32_t i = 0; i < a->npins; i++) {
		const struct sl_pin *other = sl_policy_pin(b, a->pins[i].dataset);

		if (other == NULL)
			sl_effects_add(out, kind, SL_EFFECT_CATALOGUE, EVERYBODY, "", "", "catalogue \"%s\"", a->pins[i].dataset);
		else if (kind == SL_EFFECT_LOSES && memcmp(other->sha256, a->pins[i].sha256, sizeof other->sha256) != 0)
			sl_effects_add(out, SL_EFFECT_CHANGES, SL_EFFECT_CATALOGUE, EVERYBODY, "", "",
			               "catalogue \"%s\" is another one", a->pins[i].dataset);
	}
}

static void layers(const struct sl_policy *a, const struct sl_policy *b, enum sl_effect_kind kind,
                   struct sl_effects *out)
{
	for (uint32_t i = 0; i < a->nlayers; i++) {
		bool both = false;

		for (uint32_t k = 0; k < b->nlayers; k++)
			both = both || strcmp(a->layers[i], b->layers[k]) == 0;
		if (!both)
			sl_effects_add(out, kind, SL_EFFECT_LAYER, EVERYBODY, kind == SL_EFFECT_LOOSER ? "required" : "",
			               kind == SL_EFFECT_STRICTER ? "required" : "", "layer \"%s\"", a->layers[i]);
	}
}

static void refresh_days(const struct sl_policy *a, const struct sl_policy *b, bool forth, struct sl_effects *out)
{
	char from[SL_DECIMAL_TEXT] = "", to[SL_DECIMAL_TEXT] = "";
	int64_t day;

	for (uint32_t i = 0; i < a->nrefresh_days; i++) {
		const struct sl_refresh_day *d = &a->refresh_days[i];
		bool both = sl_policy_refresh_day(b, d->table, &day);

		if (both && (forth || day == d->day))
			continue;
		from[0] = '\0';
		(void)sl_format_date(d->day, to);
		if (both)
			(void)sl_format_date(day, from);
		sl_effects_add(out, SL_EFFECT_CHANGES, SL_EFFECT_REFRESH, EVERYBODY, forth ? to : from, forth ? "" : to,
		               "day from which small refreshes of \"%s\" count", d->table);
	}
}

static void exceptions(const struct sl_policy *a, const struct sl_policy *b, enum sl_effect_kind kind,
                       struct sl_effects *out)
{
	char day[SL_DECIMAL_TEXT];

	for (uint32_t i = 0; i < a->nexceptions; i++) {
		const struct sl_exception *x = &a->exceptions[i];

		(void)sl_format_date(x->expires, day);
		if (!sl_policy_excepted(b, x->person, x->roles, &x->expires))
			sl_effects_add(out, kind, SL_EFFECT_EXCEPTION, x->person, "", "", "%s until %s: %s",
			               (x->roles & SL_ROLE_OPERATOR) != 0 ? "may be operator and reviewer" : "may be officer and auditor",
			               day, x->reason);
	}
}

/* 0: a class asks for no number of its own. */
static void asked_text(uint32_t n, char out[static VALUE])
{
	if (n > 0)
		(void)snprintf(out, VALUE, "%u", n);
	else
		(void)snprintf(out, VALUE, "the project's");
}

static void reviews(const struct sl_review_terms *now, const struct sl_review_terms *next, struct sl_effects *out)
{
	char from[VALUE], to[VALUE];

	for (size_t i = SL_CLASS_OPEN; i <= SL_CLASS_CONFIDENTIAL; i++) {
		uint32_t a = now->approvals_by_class[i], b = next->approvals_by_class[i];

		if (a == b)
			continue;
		asked_text(a, from);
		asked_text(b, to);
		sl_effects_add(out, by_order(a, b, 1), SL_EFFECT_TERMS, EVERYBODY, from, to, "approvals for tables of class %s",
		               sl_class_name((enum sl_class)i));
	}
	if (now->apart != next->apart)
		sl_effects_add(out, by_order(now->apart, next->apart, 1), SL_EFFECT_TERMS, EVERYBODY,
		               now->apart ? "never" : "allowed", next->apart ? "never" : "allowed",
		               "a review by the author's organisation");
	const struct {
		uint32_t now, next;
		const char *what;
	} unseen[] = {
		{ now->unseen_max, next->unseen_max, "requests of a project that are judged before a reviewer looks" },
		{ now->unseen_jobs_max, next->unseen_jobs_max, "jobs of a project that tell by their ends before anybody looks" },
	};
	for (size_t i = 0; i < COUNT(unseen); i++) {
		if (unseen[i].now == unseen[i].next)
			continue;
		(void)snprintf(from, sizeof from, "%u", unseen[i].now);
		(void)snprintf(to, sizeof to, "%u", unseen[i].next);
		sl_effects_add(out, by_order(unseen[i].now, unseen[i].next, -1), SL_EFFECT_TERMS, EVERYBODY, from, to, "%s",
		               unseen[i].what);
	}
}

void sl_policy_diff_terms(const struct sl_policy *now, const struct sl_policy *next, struct sl_effects *out)
{
	char from[VALUE], to[VALUE];

	for (uint32_t i = 0; i < next->nprojects; i++) {
		const struct sl_project *was = sl_policy_project(now, next->projects[i].name);
		if (was != NULL)
			terms(was, &next->projects[i], out);
	}
	reviews(&now->reviews, &next->reviews, out);
	rules(&now->rules, &next->rules, out);
	limits(&now->limits, &next->limits, out);
	layers(now, next, SL_EFFECT_LOOSER, out);
	layers(next, now, SL_EFFECT_STRICTER, out);
	pins(now, next, SL_EFFECT_LOSES, out);
	pins(next, now, SL_EFFECT_GAINS, out);
	exceptions(now, next, SL_EFFECT_STRICTER, out);
	exceptions(next, now, SL_EFFECT_LOOSER, out);
	refresh_days(now, next, true, out);
	refresh_days(next, now, false, out);
	if (now->officers_needed != next->officers_needed) {
		(void)snprintf(from, sizeof from, "%u", now->officers_needed);
		(void)snprintf(to, sizeof to, "%u", next->officers_needed);
		sl_effects_add(out, by_order(now->officers_needed, next->officers_needed, 1), SL_EFFECT_OFFICERS, EVERYBODY, from,
		               to, "officers who must sign the policy after this one");
	}
	if (strcmp(now->enclave, next->enclave) != 0)
		sl_effects_add(out, SL_EFFECT_CHANGES, SL_EFFECT_ENCLAVE, EVERYBODY, now->enclave, next->enclave, "enclave");
}
