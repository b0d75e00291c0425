/* transform.c - see transform.h. */
#include "policy/transform.h"

bool sl_transform_is_known(const struct sl_rules *rules)
{
	uint32_t base = rules->transform_base;

	switch (rules->transform) {
	case SL_TRANSFORM_NONE:
		return base == 0;
	case SL_TRANSFORM_ROUND:
	case SL_TRANSFORM_RANDOM:
		return base >= 2 && base <= SL_TRANSFORM_BASE_MAX;
	case SL_TRANSFORM_MIDPOINT:
		return base >= 2 && base <= SL_TRANSFORM_BASE_MAX && base % 2 == 0;
	default:
		return false;
	}
}

uint8_t sl_transform_draws(const struct sl_rules *rules)
{
	if (rules->jitter > 0)
		return SL_DRAWS_LIMITS;
	return rules->transform == SL_TRANSFORM_RANDOM ? SL_DRAWS_COUNTS : SL_DRAWS_NONE;
}

bool sl_transform_is_on(const struct sl_rules *rules)
{
	return rules->transform != SL_TRANSFORM_NONE;
}

const char *sl_transform_name(const struct sl_rules *rules)
{
	static const char *const names[SL_TRANSFORM_COUNT_] = {
		[SL_TRANSFORM_NONE] = "none", [SL_TRANSFORM_ROUND] = "round", [SL_TRANSFORM_MIDPOINT] = "midpoint",
		[SL_TRANSFORM_RANDOM] = "random",
	};

	return rules->transform < SL_TRANSFORM_COUNT_ ? names[rules->transform] : "unknown";
}

const char *sl_transform_words(const struct sl_rules *rules)
{
	switch (rules->transform) {
	case SL_TRANSFORM_ROUND:
		return "to the nearest";
	case SL_TRANSFORM_MIDPOINT:
		return "to the middle of each";
	case SL_TRANSFORM_RANDOM:
		return "at random to a multiple of";
	default:
		return "unknown";
	}
}

/* The first rest in base of all draws, to one in 2^64. */
static bool goes_up(uint64_t draw, uint64_t rest, uint64_t base)
{
	return draw < (uint64_t)(((unsigned __int128)rest << 64) / base);
}

bool sl_transform_count(const struct sl_rules *rules, uint64_t n, uint64_t draw, int64_t *out)
{
	uint64_t base = rules->transform_base;

	*out = 0;
	if (n > SL_TRANSFORM_COUNT_MAX || !sl_transform_is_known(rules))
		return false;
	if (rules->transform == SL_TRANSFORM_ROUND)
		n = (n + base / 2) / base * base;
	else if (rules->transform == SL_TRANSFORM_MIDPOINT && n > 0)
		n = (n + base - 1) / base * base - base / 2;
	else if (rules->transform == SL_TRANSFORM_RANDOM)
		n = n - n % base + (goes_up(draw, n % base, base) ? base : 0);
	*out = (int64_t)n;
	return true;
}

struct sl_interval sl_transform_interval(const struct sl_rules *rules, int64_t printed)
{
	int64_t base = rules->transform_base, t = rules->threshold;
	struct sl_interval in = { printed, printed };

	if (rules->transform == SL_TRANSFORM_ROUND)
		in = (struct sl_interval){ printed - base / 2, printed + (base - 1) / 2 };
	else if (rules->transform == SL_TRANSFORM_MIDPOINT && printed > 0)
		in = (struct sl_interval){ printed - base / 2 + 1, printed + base / 2 };
	else if (rules->transform == SL_TRANSFORM_RANDOM)
		in = (struct sl_interval){ printed - base + 1, printed + base - 1 };
	if (printed > 0 || in.hi >= t)
		in.lo = printed > 0 && in.lo < t ? t : in.lo;
	else
		in.hi = 0;
	in.lo = in.lo < 0 ? 0 : in.lo;
	return in;
}

/* How many counts print alike, or may. */
static int64_t width_of(const struct sl_rules *rules)
{
	int64_t base = rules->transform_base;

	return rules->transform == SL_TRANSFORM_RANDOM ? 2 * base - 1 : base;
}

int64_t sl_transform_least(const struct sl_rules *rules)
{
	return (width_of(rules) + 1) / 2;
}

/* At random the threshold may be printed as the multiple below it, beside no larger count than that multiple's. */
static int64_t edge_at_random(const struct sl_rules *rules)
{
	int64_t base = rules->transform_base, t = rules->threshold;

	return t > 0 && base > 0 ? base - t % base : 0;
}

int64_t sl_transform_edge(const struct sl_rules *rules)
{
	int64_t printed = 0;

	if (rules->transform == SL_TRANSFORM_RANDOM)
		return edge_at_random(rules);
	if (!sl_transform_count(rules, rules->threshold, 0, &printed))
		return 0;
	struct sl_interval in = sl_transform_interval(rules, printed);
	return in.hi - in.lo + 1;
}

static sl_i128 larger(sl_i128 a, sl_i128 b)
{
	return a > b ? a : b;
}

/* 1, 2, 5, 10, 20 … : the first that is no less. */
static sl_i128 step_from(sl_i128 least)
{
	sl_i128 step = 1;

	for (int i = 0; step < least; i++)
		step = i % 3 == 1 ? step / 2 * 5 : step * 2;
	return step;
}

bool sl_transform_limit(const struct sl_rules *rules, int64_t v, int64_t n, int64_t one, int64_t *out)
{
	sl_i128 w = width_of(rules), size = larger(v < 0 ? -(sl_i128)v : v, one), of = larger(n, w);
	sl_i128 step = step_from((w * size + of - 1) / of);
	int64_t steps = 0;

	*out = 0;
	if (!sl_div_round(v, step, &steps) || steps * step > INT64_MAX || steps * step < INT64_MIN)
		return false;
	*out = (int64_t)(steps * step);
	return true;
}

bool sl_transform_share(const struct sl_rules *rules, sl_i128 part, sl_i128 whole, int scale, int64_t *out)
{
	sl_i128 w = width_of(rules);
	int64_t step = 1, grid = sl_pow10(scale), steps = 0;

	*out = 0;
	if (whole <= 0)
		return false;
	while ((sl_i128)step * 10 <= grid && step * 10 * larger(whole, w) <= w * grid)
		step *= 10;
	if (!sl_div_round(part * (grid / step), whole, &steps))
		return false;
	*out = steps * step;
	return true;
}
