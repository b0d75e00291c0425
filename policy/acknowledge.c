/* acknowledge.c - see acknowledge.h. */
#include "policy/acknowledge.h"

#include <stdio.h>
#include <string.h>

#include "enclave/base/text.h"
#include "policy/gate.h"
#include "policy/rules/rule.h"

_Static_assert(SL_RULE_COUNT_ <= 64, "a set of rules is 64 bits");

#define NUMBERS_TOLD 4 /* of one rule's findings; the message is one sentence, and `review show` has them all */

uint64_t sl_acknowledge_open(const struct sl_publication *p)
{
	uint64_t open = 0;

	for (uint32_t i = 0; i < p->nfindings; i++)
		if (p->findings[i].severity == SL_SEVERITY_REVIEW && p->findings[i].rule < SL_RULE_COUNT_)
			open |= UINT64_C(1) << p->findings[i].rule;
	return open;
}

/* The names of a set, each with `before` in front; what does not fit is left out whole. */
static void put_names(uint64_t set, const char *before, const char *between, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (uint32_t rule = 0; rule < SL_RULE_COUNT_; rule++) {
		if ((set >> rule & 1) == 0)
			continue;
		int n = snprintf(out + at, size - at, "%s%s%s", at > 0 ? between : "", before, sl_rules_table[rule].id);
		if (n < 0 || (size_t)n >= size - at) {
			out[at] = '\0';
			return;
		}
		at += (size_t)n;
	}
}

static enum sl_rc nothing_of(const char *request, uint64_t open, const char *name, struct sl_err *err)
{
	const char *names[SL_RULE_COUNT_];
	char list[224];
	size_t n = 0;

	for (uint32_t rule = 0; rule < SL_RULE_COUNT_; rule++)
		if ((open >> rule & 1) != 0)
			names[n++] = sl_rules_table[rule].id;
	int near = sl_text_near(name, names, n);
	(void)sl_err_set(err, SL_E_USAGE, "%s has no finding of \"%.48s\" that is left to judge%s%s%s", request, name,
	                 near >= 0 ? " (did you mean \"" : "", near >= 0 ? names[near] : "", near >= 0 ? "\"?)" : "");
	put_names(open, "", ", ", list, sizeof list);
	if (open == 0)
		sl_err_remedy(err, "nothing of it is to be acknowledged: leave --acknowledge out");
	else
		sl_err_remedy(err, "to be acknowledged: %s", list);
	return SL_E_USAGE;
}

enum sl_rc sl_acknowledge_take(const char *request, uint64_t open, const char *const *names, size_t n, uint64_t *set,
                               struct sl_err *err)
{
	*set = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t rule = 0;
		while (rule < SL_RULE_COUNT_ && ((open >> rule & 1) == 0 || strcmp(sl_rules_table[rule].id, names[i]) != 0))
			rule++;
		if (rule == SL_RULE_COUNT_) {
			*set = 0;
			return nothing_of(request, open, names[i], err);
		}
		*set |= UINT64_C(1) << rule;
	}
	return SL_OK;
}

/* "differencing (findings 3, 4 and 2 more)" */
static size_t put_rule(const struct sl_publication *p, uint32_t rule, bool first, char *out, size_t size)
{
	uint32_t told = 0, left = 0;
	int n = snprintf(out, size, "%s%s (finding", first ? "" : "; ", sl_rules_table[rule].id);
	size_t at = n > 0 && (size_t)n < size ? (size_t)n : size - 1;

	for (uint32_t i = 0; i < p->nfindings; i++) {
		if (p->findings[i].severity != SL_SEVERITY_REVIEW || p->findings[i].rule != rule)
			continue;
		if (told == NUMBERS_TOLD) {
			left++;
			continue;
		}
		n = snprintf(out + at, size - at, "%s %u", told++ > 0 ? "," : "", i + 1);
		at += n > 0 && (size_t)n < size - at ? (size_t)n : size - 1 - at;
	}
	n = left > 0 ? snprintf(out + at, size - at, " and %u more)", left) : snprintf(out + at, size - at, ")");
	return at + (n > 0 && (size_t)n < size - at ? (size_t)n : size - 1 - at);
}

enum sl_rc sl_acknowledge_ask(const char *request, const struct sl_publication *p, uint64_t set, struct sl_err *err)
{
	uint64_t missing = sl_acknowledge_open(p) & ~set;
	char list[448] = "", flags[224];
	size_t at = 0;

	if (missing == 0)
		return SL_OK;
	for (uint32_t rule = 0; rule < SL_RULE_COUNT_; rule++)
		if ((missing >> rule & 1) != 0)
			at += put_rule(p, rule, at == 0, list + at, sizeof list - at);
	(void)sl_err_set(err, SL_E_DENIED, "%s is not approved before these are acknowledged: %s", request, list);
	sl_err_rule(err, sl_conditions_table[SL_CONDITION_FINDINGS].id);
	put_names(missing, "--acknowledge ", " ", flags, sizeof flags);
	sl_err_remedy(err, "read them: review show; then give %s", flags);
	return SL_E_DENIED;
}
