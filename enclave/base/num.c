/* num.c - see num.h. */
#include "enclave/base/num.h"

#include <stdio.h>
#include <string.h>

int64_t sl_pow10(int n)
{
	SL_REQUIRE(n >= 0 && n <= 18);
	int64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

bool sl_add(int64_t a, int64_t b, int64_t *out)
{
	int64_t r;
	if (__builtin_add_overflow(a, b, &r))
		return false;
	*out = r;
	return true;
}

bool sl_sub(int64_t a, int64_t b, int64_t *out)
{
	int64_t r;
	if (__builtin_sub_overflow(a, b, &r))
		return false;
	*out = r;
	return true;
}

bool sl_mul(int64_t a, int64_t b, int64_t *out)
{
	int64_t r;
	if (__builtin_mul_overflow(a, b, &r))
		return false;
	*out = r;
	return true;
}

bool sl_div_round(sl_i128 a, sl_i128 b, int64_t *out)
{
	if (b == 0)
		return false;
	bool negative = (a < 0) != (b < 0);
	unsigned __int128 ua = a < 0 ? -(unsigned __int128)a : (unsigned __int128)a;
	unsigned __int128 ub = b < 0 ? -(unsigned __int128)b : (unsigned __int128)b;
	unsigned __int128 q = ua / ub, r = ua % ub;

	if (r >= ub - r)
		q++;
	if (q > (unsigned __int128)INT64_MAX + (negative ? 1 : 0))
		return false;
	*out = negative ? (int64_t)-(sl_i128)q : (int64_t)q;
	return true;
}

bool sl_rescale(int64_t v, int from, int to, int64_t *out)
{
	if (to >= from)
		return to - from <= 18 && sl_mul(v, sl_pow10(to - from), out);
	if (from - to > 18)
		return false;
	return sl_div_round(v, sl_pow10(from - to), out);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool sl_parse_int(const char *text, size_t len, int64_t *out)
{
	size_t i = 0;
	bool negative = false;
	int64_t v = 0;

	if (i < len && (text[i] == '-' || text[i] == '+'))
		negative = text[i++] == '-';
	if (i == len)
		return false;
	for (; i < len; i++) {
		if (!is_digit(text[i]) || !sl_mul(v, 10, &v))
			return false;
		int64_t d = text[i] - '0';
		if (!(negative ? sl_sub(v, d, &v) : sl_add(v, d, &v)))
			return false;
	}
	*out = v;
	return true;
}

bool sl_parse_decimal(const char *text, size_t len, int scale, int64_t *out)
{
	size_t i = 0, mantissa_end = len;
	bool negative = false;
	int64_t exponent = 0;

	SL_REQUIRE(scale >= 0 && scale <= SL_SCALE_MAX);
	for (size_t k = 0; k < len; k++) {
		if (text[k] == 'e' || text[k] == 'E') {
			if (!sl_parse_int(text + k + 1, len - k - 1, &exponent) || exponent > 400 || exponent < -400)
				return false;
			mantissa_end = k;
			break;
		}
	}
	if (i < mantissa_end && (text[i] == '-' || text[i] == '+'))
		negative = text[i++] == '-';

	/* Digits at or above 10^-scale are kept; the first one below decides the rounding. */
	int64_t v = 0, place_shift = exponent + scale;
	size_t digits = 0, point = SIZE_MAX, start = i;
	for (size_t k = start; k < mantissa_end; k++) {
		if (text[k] == '.' && point == SIZE_MAX)
			point = k;
		else if (is_digit(text[k]))
			digits++;
		else
			return false;
	}
	if (digits == 0)
		return false;
	size_t whole_end = point == SIZE_MAX ? mantissa_end : point;
	int64_t place = (int64_t)(whole_end - start) - 1 + place_shift;
	bool round_up = false;
	int64_t last = place + 1;
	for (size_t k = start; k < mantissa_end; k++) {
		if (k == point)
			continue;
		int d = text[k] - '0';
		if (place >= 0) {
			if (!sl_mul(v, 10, &v) || !(negative ? sl_sub(v, d, &v) : sl_add(v, d, &v)))
				return false;
		} else if (place == -1) {
			round_up = d >= 5;
		}
		last = place--;
	}
	for (; last > 0 && v != 0; last--)
		if (!sl_mul(v, 10, &v))
			return false;
	if (round_up && !(negative ? sl_sub(v, 1, &v) : sl_add(v, 1, &v)))
		return false;
	*out = v;
	return true;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool sl_days_from_civil(int year, int month, int day, int64_t *out)
{
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	if (day > month_days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0))
		return false;
	/* Era arithmetic with years that start in March (H. Hinnant, "chrono-compatible low-level date algorithms"). */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	*out = era * 146097 + doe - 719468;
	return true;
}

bool sl_civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t first, last;

	if (!sl_days_from_civil(1, 1, 1, &first) || !sl_days_from_civil(9999, 12, 31, &last) || days < first || days > last)
		return false;
	int64_t z = days + 719468;
	int64_t era = z / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2 ? 1 : 0));
	return true;
}

bool sl_parse_date(const char *text, size_t len, int64_t *out)
{
	int64_t y, m, d;

	if (len != 10 || text[4] != '-' || text[7] != '-')
		return false;
	if (!is_digit(text[0]) || !is_digit(text[5]) || !is_digit(text[8]))
		return false;
	return sl_parse_int(text, 4, &y) && sl_parse_int(text + 5, 2, &m) && sl_parse_int(text + 8, 2, &d) &&
	       sl_days_from_civil((int)y, (int)m, (int)d, out);
}

/* Digits of u, at least `least` of them, so that they end before `end`. Returns where they begin. */
static char *put_digits(char *end, uint64_t u, int least)
{
	for (; u > 0 || least > 0; u /= 10, least--)
		*--end = (char)('0' + u % 10);
	return end;
}

size_t sl_format_decimal(int64_t v, int scale, char out[static SL_DECIMAL_TEXT])
{
	SL_REQUIRE(scale >= 0 && scale <= 18);
	uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v, p = (uint64_t)sl_pow10(scale);
	char text[SL_DECIMAL_TEXT], *end = text + sizeof text, *at = end;

	if (scale > 0) {
		at = put_digits(at, u % p, scale);
		*--at = '.';
	}
	at = put_digits(at, u / p, 1);
	if (v < 0)
		*--at = '-';
	memcpy(out, at, (size_t)(end - at));
	out[end - at] = '\0';
	return (size_t)(end - at);
}

#define SHORT_SCALE_MAX 6
#define SHORT_DIGITS_MAX 1e15 /* a double gives back every decimal of 15 digits */

bool sl_short_decimal(double v, int64_t *digits, int *scale)
{
	double p = 10;

	/* Smaller ones are written with an exponent. */
	if (!(v >= 1e-4 || v <= -1e-4))
		return false;
	for (int at = 1; at <= SHORT_SCALE_MAX; at++, p *= 10) {
		double scaled = v * p;
		if (!(scaled > -SHORT_DIGITS_MAX && scaled < SHORT_DIGITS_MAX))
			return false;
		int64_t whole = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
		/* The division is rounded rightly: equal only if v is the double next to whole / p. */
		if ((double)whole / p != v)
			continue;
		*digits = whole;
		*scale = at;
		return true;
	}
	return false;
}

size_t sl_format_date(int64_t days, char out[static SL_DECIMAL_TEXT])
{
	int y, m, d;

	if (!sl_civil_from_days(days, &y, &m, &d)) {
		out[0] = '\0';
		return 0;
	}
	return (size_t)snprintf(out, SL_DECIMAL_TEXT, "%04d-%02d-%02d", y, m, d);
}
