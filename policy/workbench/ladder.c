/* ladder.c - see ladder.h. */
#include "policy/workbench/ladder.h"

#include <stddef.h>
#include <stdio.h>

#include "policy/transform.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PERCENT 1000u /* one per cent on scale 3 */

/* Units: what the profiles ask for is among them. */
static const uint32_t units[] = { 1, 3, 5, 8, 10, 11, 12, 15, 20, 25, 30, 50, 100 };
static const uint32_t percents[] = {
	5 * PERCENT,  10 * PERCENT, 15 * PERCENT, 20 * PERCENT, 25 * PERCENT, 30 * PERCENT, 35 * PERCENT,
	40 * PERCENT, 45 * PERCENT, 50 * PERCENT, 55 * PERCENT, 60 * PERCENT, 65 * PERCENT, 70 * PERCENT,
	75 * PERCENT, 80 * PERCENT, 85 * PERCENT, 90 * PERCENT, 95 * PERCENT, 100 * PERCENT,
};
static const uint32_t bases[] = { 2, 3, 4, 5, 6, 8, 10, 20, 50, 100 };

/* A row's number that is 0 is a rule that is off, and stays so. */
static const struct {
	const char *key;
	size_t offset;
	const uint32_t *rungs; /* rising */
	size_t nrungs;
	bool up;               /* a larger number hides less; else a smaller one does */
	uint32_t scale;        /* the number stands for number / scale */
} ladders[] = {
	{ "threshold", offsetof(struct sl_rules, threshold), units, COUNT(units), false, 1 },
	{ "dof", offsetof(struct sl_rules, dof), units, COUNT(units), false, 1 },
	{ "dominance k", offsetof(struct sl_rules, dominance_k), percents, COUNT(percents), true, PERCENT },
	{ "p_percent", offsetof(struct sl_rules, p_percent), percents, COUNT(percents), false, PERCENT },
	{ "group_percent", offsetof(struct sl_rules, group_percent), percents, COUNT(percents), true, PERCENT },
	{ "the base of rounding", offsetof(struct sl_rules, transform_base), bases, COUNT(bases), false, 1 },
};

/* Below the lowest rung of a number that hides more as it grows: 0, the rule is off. */
static uint32_t rung(size_t row, uint32_t v)
{
	const uint32_t *r = ladders[row].rungs;
	uint32_t best = 0;

	for (size_t i = 0; i < ladders[row].nrungs; i++) {
		if (ladders[row].up && r[i] >= v)
			return r[i];
		if (r[i] <= v)
			best = r[i];
	}
	return best;
}

static void write_number(struct sl_buf *out, uint32_t v, uint32_t scale)
{
	char fraction[16];
	int last = 3;

	sl_buf_printf(out, "%u", v / scale);
	if (v % scale == 0)
		return;
	snprintf(fraction, sizeof fraction, "%03u", (v % scale) % 1000);
	while (fraction[last - 1] == '0')
		last--;
	sl_buf_printf(out, ".%.*s", last, fraction);
}

static void tell(struct sl_buf *out, const char *key, uint32_t to, uint32_t from, uint32_t scale)
{
	sl_buf_printf(out, "%s%s ", out->len > 0 ? ", " : "", key);
	if (to == 0)
		sl_buf_text(out, "off");
	else
		write_number(out, to, scale);
	sl_buf_text(out, " for ");
	write_number(out, from, scale);
}

/* A midpoint has an even base. Where threshold and base do not fit on their rungs, counts are taken as they are. */
static void settle_rounding(struct sl_rules *rules, struct sl_buf *moved)
{
	if (rules->transform == SL_TRANSFORM_MIDPOINT)
		rules->transform_base &= ~1u;
	if (!sl_transform_is_on(rules) || sl_transform_edge(rules) >= sl_transform_least(rules))
		return;
	tell(moved, "rounding", 0, rules->transform_base, 1);
	rules->transform = SL_TRANSFORM_NONE;
	rules->transform_base = 0;
}

void sl_ladder_round(struct sl_rules *rules, struct sl_buf *moved)
{
	for (size_t i = 0; i < COUNT(ladders); i++) {
		uint32_t *number = (uint32_t *)(void *)((char *)rules + ladders[i].offset), was = *number;

		if (was == 0)
			continue;
		*number = rung(i, was);
		if (*number != was)
			tell(moved, ladders[i].key, *number, was, ladders[i].scale);
	}
	settle_rounding(rules, moved);
	if (rules->jitter > 0)
		tell(moved, "jitter", 0, rules->jitter, 1);
	rules->jitter = 0;
}

enum sl_ladder_part sl_ladder_part(uint64_t hidden, uint64_t published)
{
	if (hidden == 0)
		return SL_LADDER_NONE;
	if (hidden <= published / 10)
		return SL_LADDER_TENTH;
	return hidden <= published / 2 ? SL_LADDER_HALF : SL_LADDER_MOST;
}

const char *sl_ladder_part_name(enum sl_ladder_part part)
{
	static const char *const names[] = {
		[SL_LADDER_NONE] = "none",
		[SL_LADDER_TENTH] = "a tenth or less",
		[SL_LADDER_HALF] = "up to half",
		[SL_LADDER_MOST] = "more than half",
	};

	return (size_t)part < COUNT(names) ? names[part] : names[SL_LADDER_MOST];
}
