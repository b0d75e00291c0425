/* program_dates.c - the loops of steps over dates. See program_loop.h. */
#include "enclave/engine/program_loop.h"

/*
 * Days counted from 0001-01-01, a Monday, and their parts. sl_civil_from_days is the meaning, and the test goes through
 * every day it knows; this is the same arithmetic of years that start in March, in 32 bits and without a branch.
 */
struct day {
	uint32_t year, month, day;
};

static inline struct day day_of(uint32_t days)
{
	uint32_t since_march = days + 306, era = since_march / 146097, of_era = since_march % 146097;
	uint32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	uint32_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
	uint32_t after_december = month >= 10;

	return (struct day){ .year = year + era * 400 + after_december, .month = month + 3 - 12 * after_december,
		.day = of_year - (153 * month + 2) / 5 + 1 };
}

struct calendar {
	uint64_t first, span;
};

static struct calendar calendar(void)
{
	struct sl_bounds days = sl_program_year_days((struct sl_bounds){ .lo = INT64_MIN, .hi = INT64_MAX });

	return (struct calendar){ .first = (uint64_t)days.lo, .span = (uint64_t)days.hi - (uint64_t)days.lo };
}

/* Whether the calendar lacks that day; *days is then its first. */
static inline uint8_t outside(struct calendar c, int64_t date, uint32_t *days)
{
	uint64_t since = (uint64_t)date - c.first;
	uint8_t none = sl_below(c.span, since);

	*days = (uint32_t)since & (none - 1u);
	return none;
}

/* Called with a constant op, so that each part is a loop of its own. */
static inline const uint8_t *date_part(const struct sl_frame *f, enum sl_opcode op)
{
	const int64_t *restrict a = f->a.values;
	int64_t *restrict out = f->out->values;
	uint8_t *restrict own = f->out->own;
	struct calendar c = calendar();
	uint8_t any = 0;

	SL_EACH_ROW(f) {
		uint32_t days;
		uint8_t none = outside(c, a[r], &days);
		struct day d = day_of(days);
		out[r] = op == SL_OP_YEAR ? d.year : op == SL_OP_MONTH ? d.month : op == SL_OP_DAY ? d.day : days % 7 + 1;
		own[r] = none;
		any |= none;
	}
	return sl_marks_settle(f, any);
}

const uint8_t *sl_loop_date_part(const struct sl_step *s, const struct sl_frame *f)
{
	switch (s->op) {
	case SL_OP_YEAR:
		return date_part(f, SL_OP_YEAR);
	case SL_OP_MONTH:
		return date_part(f, SL_OP_MONTH);
	case SL_OP_DAY:
		return date_part(f, SL_OP_DAY);
	default:
		return date_part(f, SL_OP_WEEKDAY);
	}
}

/* A month is complete on the day of the same number. */
const uint8_t *sl_loop_months(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values, *restrict b = f->b.values;
	int64_t *restrict out = f->out->values;
	uint8_t *restrict own = f->out->own;
	struct calendar c = calendar();
	uint8_t any = 0;

	(void)s;
	SL_EACH_ROW(f) {
		uint32_t from_days, to_days;
		uint8_t none = outside(c, a[r], &from_days) | outside(c, b[r], &to_days);
		struct day from = day_of(from_days), to = day_of(to_days);
		int32_t months = (int32_t)(to.year * 12 + to.month) - (int32_t)(from.year * 12 + from.month);
		months -= (months > 0) & (to.day < from.day);
		months += (months < 0) & (to.day > from.day);
		out[r] = months;
		own[r] = none;
		any |= none;
	}
	return sl_marks_settle(f, any);
}

const uint8_t *sl_loop_date_range(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	uint8_t *restrict own = f->out->own;
	struct calendar c = calendar();
	uint8_t any = 0;

	(void)sl_loop_range(s, f);
	SL_EACH_ROW(f) {
		own[r] = sl_below(c.span, (uint64_t)a[r] - c.first);
		any |= own[r];
	}
	return sl_marks_settle(f, any);
}
