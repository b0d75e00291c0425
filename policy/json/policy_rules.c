/* policy_rules.c - which disclosure rules hold, and the bounds on a job. Profiles and limits are tables. */
#include <string.h>

#include "policy/json/policy_read.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define RELEASED_NUMBERS_MAX UINT64_C(1000000000000)

#define PERSONS .dominance_n = 2, .dominance_k = 90000, .p_percent = 10000, .group_percent = 90000, .dof = 10

/* In the order of the profiles table; examples/profiles has each in full. */
static const char *const profile_names[] = { "tre-uk", "opensafely", "nhs", "cms", "business" };
static const struct sl_rules profiles[] = {
	/* UK trusted research environments: ACRO's defaults with the SDAP threshold of 10. */
	{ .threshold = 10, PERSONS },
	/* OpenSAFELY's output rules: 7 and less is hidden, counts go to the nearest 5. */
	{ .threshold = 8, PERSONS, .transform = SL_TRANSFORM_ROUND, .transform_base = 5 },
	/* Hospital statistics of the NHS: 1 to 7 is hidden, 0 is shown, counts go to the nearest 5. */
	{ .threshold = 8, PERSONS, .zeros_show = 1, .transform = SL_TRANSFORM_ROUND, .transform_base = 5 },
	/* The cell size policy of the Centers for Medicare & Medicaid Services: 1 to 10 is hidden, 0 is shown. */
	{ .threshold = 11, PERSONS, .zeros_show = 1 },
	/* Business registers: few units are usual, dominance does the work. */
	{ .threshold = 3, PERSONS },
};

static const char *const disclosure_keys[] = {
	"profile",   "threshold",        "dominance",    "p_percent", "group_percent",    "zeros",
	"numerator", "group_disclosure", "within_group", "all_equal", "small_complement", "context", "dof",
	"round",     "midpoint",         "random",       "jitter",    "released_numbers_max",
	"near",
};
static const char *const dominance_keys[] = { "n", "k" };
static const char *const zero_names[] = { "hide", "show" };
static const char *const near_names[] = { [SL_NEAR_REFUSE] = "refuse", [SL_NEAR_EARLIER] = "earlier" };

static const struct {
	const char *key;
	size_t offset;
} switches[] = {
	{ "numerator", offsetof(struct sl_rules, numerator) },
	{ "group_disclosure", offsetof(struct sl_rules, group_disclosure) },
	{ "within_group", offsetof(struct sl_rules, within_group) },
	{ "all_equal", offsetof(struct sl_rules, all_equal) },
	{ "small_complement", offsetof(struct sl_rules, small_complement) },
	{ "context", offsetof(struct sl_rules, context) },
};

static bool is_off(const struct sl_json_at *at)
{
	return json_is_false(at->value);
}

static enum sl_rc read_percent(const struct sl_json_at *at, int64_t lo, int64_t hi, uint32_t *out, struct sl_err *err)
{
	int64_t v = 0;
	enum sl_rc rc = sl_json_decimal(at, 3, false, &v, err);

	if (rc == SL_OK && (v < lo || v > hi))
		rc = sl_json_fault(at, false, err, "not a per cent between %lld and %lld", (long long)(lo + 999) / 1000,
		                   (long long)hi / 1000);
	if (rc == SL_OK)
		*out = (uint32_t)v;
	return rc;
}

static enum sl_rc read_dominance(const struct sl_json_at *at, struct sl_rules *r, struct sl_err *err)
{
	struct sl_json_at m;
	uint64_t n = 0;
	enum sl_rc rc;

	if (is_off(at)) {
		r->dominance_n = r->dominance_k = 0;
		return SL_OK;
	}
	rc = sl_json_keys(at, dominance_keys, COUNT(dominance_keys), err);
	if (rc == SL_OK)
		rc = sl_json_get(at, "n", &m, err);
	if (rc == SL_OK)
		rc = sl_json_u64(&m, 1, 3, &n, err);
	r->dominance_n = (uint32_t)n;
	if (rc == SL_OK)
		rc = sl_json_get(at, "k", &m, err);
	return rc == SL_OK ? read_percent(&m, 1, 100000, &r->dominance_k, err) : rc;
}

static enum sl_rc read_switch(const struct sl_json_at *at, const char *key, uint8_t *off, struct sl_err *err)
{
	struct sl_json_at m;
	bool on = true;
	enum sl_rc rc = sl_json_opt(at, key, &m) ? sl_json_bool(&m, &on, err) : SL_OK;

	*off = !on;
	return rc;
}

/* A least number of units: policy cannot switch it off. */
static enum sl_rc read_count(const struct sl_json_at *at, const char *key, uint32_t *out, struct sl_err *err)
{
	struct sl_json_at m;
	uint64_t v = *out;
	enum sl_rc rc = sl_json_opt(at, key, &m) ? sl_json_u64(&m, 1, 100000, &v, err) : SL_OK;

	*out = (uint32_t)v;
	return rc;
}

enum sl_rc sl_policy_read_released(const struct sl_json_at *at, uint64_t *out, struct sl_err *err)
{
	struct sl_json_at m;

	if (!sl_json_opt(at, "released_numbers_max", &m))
		return SL_OK;
	if (!is_off(&m))
		return sl_json_u64(&m, 1, RELEASED_NUMBERS_MAX, out, err);
	*out = SL_RELEASED_UNBOUNDED;
	return SL_OK;
}

static enum sl_rc read_overrides(const struct sl_json_at *at, struct sl_rules *r, struct sl_err *err)
{
	struct sl_json_at m;
	size_t zeros = r->zeros_show, near = r->near;
	enum sl_rc rc = read_count(at, "threshold", &r->threshold, err);

	if (rc == SL_OK)
		rc = read_count(at, "dof", &r->dof, err);
	if (rc == SL_OK && sl_json_opt(at, "dominance", &m))
		rc = read_dominance(&m, r, err);
	if (rc == SL_OK && sl_json_opt(at, "p_percent", &m)) {
		if (is_off(&m))
			r->p_percent = 0;
		else
			rc = read_percent(&m, 1, 1000000, &r->p_percent, err);
	}
	if (rc == SL_OK && sl_json_opt(at, "group_percent", &m))
		rc = read_percent(&m, 1, 100000, &r->group_percent, err);
	if (rc == SL_OK && sl_json_opt(at, "zeros", &m))
		rc = sl_json_choice(&m, zero_names, COUNT(zero_names), &zeros, err);
	r->zeros_show = zeros == 1;
	if (rc == SL_OK && sl_json_opt(at, "near", &m))
		rc = sl_json_choice(&m, near_names, COUNT(near_names), &near, err);
	r->near = (uint8_t)near;
	for (size_t i = 0; i < COUNT(switches) && rc == SL_OK; i++)
		rc = read_switch(at, switches[i].key, (uint8_t *)r + switches[i].offset, err);
	if (rc == SL_OK && sl_json_opt(at, "jitter", &m)) {
		uint64_t jitter = 0;
		rc = sl_json_u64(&m, 0, SL_JITTER_MAX, &jitter, err);
		r->jitter = (uint8_t)jitter;
	}
	return rc == SL_OK ? sl_policy_read_transform(at, r, err) : rc;
}

static void lint_rules(struct sl_policy *p, uint32_t line, uint32_t col)
{
	const struct sl_rules *r = &p->rules;

	if (r->dominance_k == 0)
		(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, line, col, "dominance-off",
		                   "dominance is off: a sum may be nearly one unit's own value");
	if (r->p_percent == 0)
		(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, line, col, "p-percent-off",
		                   "p %% is off: one unit may estimate another too closely");
	if (r->threshold < 3)
		(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, line, col, "threshold-low",
		                   "threshold %u lets two units read each other off a cell", r->threshold);
	for (size_t i = 0; i < COUNT(switches); i++)
		if (((const uint8_t *)r)[switches[i].offset] == 1)
			(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, line, col, "rule-off",
			                   "rule \"%s\" is off", switches[i].key);
	if (r->transform == SL_TRANSFORM_RANDOM && r->numerator == 1)
		(void)sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, line, col, "random-numerator",
		                   "numerator is off: who counts all but one, all but two and so on has one count drawn "
		                   "again and again, and takes the average");
}

enum sl_rc sl_policy_read_disclosure(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	struct sl_json_at m;
	uint32_t line, col;
	size_t i = 0;
	enum sl_rc rc = sl_json_keys(at, disclosure_keys, COUNT(disclosure_keys), err);

	if (rc == SL_OK)
		rc = sl_json_get(at, "profile", &m, err);
	if (rc == SL_OK)
		rc = sl_json_choice(&m, profile_names, COUNT(profile_names), &i, err);
	if (rc != SL_OK)
		return rc;
	p->profile = strdup(profile_names[i]);
	if (p->profile == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	p->rules = profiles[i];
	p->released_numbers_max = SL_RELEASED_UNBOUNDED;
	rc = read_overrides(at, &p->rules, err);
	if (rc == SL_OK)
		rc = sl_policy_read_released(at, &p->released_numbers_max, err);
	sl_json_where(at, false, &line, &col);
	if (rc == SL_OK)
		lint_rules(p, line, col);
	return rc;
}

#define LIMIT(m, usual_, lo_, hi_)                                                                             \
	{                                                                                                      \
#m, offsetof(struct sl_limits, m), sizeof((struct sl_limits *)NULL)->m, (usual_), (lo_), (hi_) \
	}
#define MIB UINT64_C(1048576)

/* hi is what the programs were built for. */
static const struct {
	const char *key;
	size_t offset, size;
	uint64_t usual, lo, hi;
} limits[] = {
	LIMIT(script_cpu_ms, 5000, 100, 600000),
	LIMIT(script_wall_ms, 10000, 100, 600000),
	LIMIT(engine_cpu_ms, 600000, 100, 86400000),
	LIMIT(engine_wall_ms, 600000, 100, 86400000),
	LIMIT(check_cpu_ms, 60000, 100, 86400000),
	LIMIT(check_wall_ms, 120000, 100, 86400000),
	LIMIT(secondary_work, SL_SECONDARY_WORK_USUAL, 1, SL_SECONDARY_WORK_MAX),
	LIMIT(load_cpu_ms, 3600000, 100, 86400000),
	LIMIT(load_wall_ms, 3600000, 100, 86400000),
	LIMIT(script_memory_bytes, 64 * MIB, 4 * MIB, 1024 * MIB),
	LIMIT(engine_memory_bytes, 1024 * MIB, 64 * MIB, 1048576 * MIB),
	LIMIT(check_memory_bytes, 1024 * MIB, 64 * MIB, 1048576 * MIB),
	LIMIT(load_memory_bytes, 2048 * MIB, 64 * MIB, 1048576 * MIB),
	LIMIT(plans_max, 16, 1, SL_PLANS_MAX),
	LIMIT(cells_max, 20000, 1, SL_CELLS_MAX),
	LIMIT(nodes_max, 4096, 1, 65536),
	LIMIT(print_bytes_max, 16384, 0, SL_PRINT_BYTES_MAX),
	LIMIT(output_bytes_max, SL_RESULT_WIRE_MAX, 1024, SL_RESULT_WIRE_MAX),
	LIMIT(frames_max, 128, 3, 4096),
	LIMIT(slot_ms, 1000, 0, 600000),
	LIMIT(threads, 2, 1, 64),
	LIMIT(rows_max, 100000000, 1, UINT32_MAX),
};

static enum sl_rc read_limit(const struct sl_json_at *at, size_t i, struct sl_limits *out, struct sl_err *err)
{
	struct sl_json_at m;
	uint64_t v = limits[i].usual;
	enum sl_rc rc = SL_OK;

	if (at != NULL && sl_json_opt(at, limits[i].key, &m))
		rc = sl_json_u64(&m, limits[i].lo, limits[i].hi, &v, err);
	uint32_t narrow = (uint32_t)v;
	if (limits[i].size == sizeof v)
		memcpy((char *)out + limits[i].offset, &v, sizeof v);
	else
		memcpy((char *)out + limits[i].offset, &narrow, sizeof narrow);
	return rc;
}

/* sluice-script sends its printed text, its outputs and its end. */
static enum sl_rc check_frames(const struct sl_json_at *at, const struct sl_limits *l, struct sl_err *err)
{
	if (l->frames_max >= l->plans_max + 2)
		return SL_OK;
	(void)sl_json_fault(at, false, err, "frames_max is %u, and plans_max %u needs at least %u", l->frames_max,
	                    l->plans_max, l->plans_max + 2);
	sl_err_remedy(err, "raise frames_max, or lower plans_max");
	return SL_E_INPUT;
}

/* Of the choice, and of checking its proofs: of a million numbers, where memory is slow. */
#define SECONDARY_MS 12

static void lint_secondary(const struct sl_json_at *at, struct sl_policy *p)
{
	uint64_t ms = (uint64_t)p->limits.secondary_work * SECONDARY_MS;
	struct sl_json_at m;
	uint32_t line, col;

	if (ms <= p->limits.check_cpu_ms ||
	    (!sl_json_opt(at, "secondary_work", &m) && !sl_json_opt(at, "check_cpu_ms", &m)))
		return;
	sl_json_where(&m, true, &line, &col);
	sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, line, col, "secondary-slow",
	                           "secondary_work %u may take %llu ms, and check_cpu_ms is %u: a request that needs it "
	                           "all is not judged", p->limits.secondary_work, (unsigned long long)ms,
	                           p->limits.check_cpu_ms),
	              "raise check_cpu_ms, or lower secondary_work: then whole lines are hidden sooner");
}

static void lint_limits(const struct sl_json_at *at, struct sl_policy *p)
{
	struct sl_json_at m;
	uint32_t line, col;

	lint_secondary(at, p);
	if (p->limits.slot_ms != 0 || !sl_json_opt(at, "slot_ms", &m))
		return;
	sl_json_where(&m, true, &line, &col);
	sl_err_remedy(sl_notes_add(&p->notes, SL_NOTE_WARNING, p->file, line, col, "slot-off",
	                           "slot_ms is 0: a job's end is told at once, so how long it took tells about rows"),
	              "leave slot_ms out (1000), or take the time that most jobs need");
}

enum sl_rc sl_policy_read_limits(const struct sl_json_at *at, struct sl_policy *p, struct sl_err *err)
{
	const char *keys[COUNT(limits)];
	enum sl_rc rc = SL_OK;

	for (size_t i = 0; i < COUNT(limits); i++)
		keys[i] = limits[i].key;
	if (at != NULL)
		rc = sl_json_keys(at, keys, COUNT(limits), err);
	for (size_t i = 0; i < COUNT(limits) && rc == SL_OK; i++)
		rc = read_limit(at, i, &p->limits, err);
	if (at == NULL || rc != SL_OK)
		return rc;
	lint_limits(at, p);
	return check_frames(at, &p->limits, err);
}

void sl_policy_limits_usual(struct sl_limits *out)
{
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < COUNT(limits); i++)
		(void)read_limit(NULL, i, out, NULL);
}
