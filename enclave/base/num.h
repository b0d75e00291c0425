/*
 * num.h - numbers on a declared grid.
 *
 * A real on scale s is the integer round(x * 10^s); nothing in a computation is floating point. Rounding
 * is half away from zero everywhere (the everyday rule of published tables), said in docs/semantics.md.
 */
#ifndef SL_BASE_NUM_H
#define SL_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "enclave/base/err.h"

#define SL_SCALE_MAX 9
typedef __int128 sl_i128;

/* sl_pow10 - 10^n for 0 <= n <= 18. */
int64_t sl_pow10(int n);

/* Each is false, with *out untouched, when the result leaves int64. */
bool sl_add(int64_t a, int64_t b, int64_t *out);
bool sl_sub(int64_t a, int64_t b, int64_t *out);
bool sl_mul(int64_t a, int64_t b, int64_t *out);

/* sl_div_round - a/b rounded half away from zero; false for b = 0 or a result outside int64. */
bool sl_div_round(sl_i128 a, sl_i128 b, int64_t *out);

/* sl_rescale - v on grid `from` to grid `to`, rounding half away from zero; false on overflow. */
bool sl_rescale(int64_t v, int from, int to, int64_t *out);

/*
 * sl_parse_int - all of text[0..len) as a decimal integer: optional sign, digits, nothing else.
 * sl_parse_decimal - optional sign, digits, optional '.' and digits, optional exponent (e+NN), onto grid
 *   `scale`; further digits are rounded. Both false on anything else or overflow; *out then untouched.
 * sl_parse_date - YYYY-MM-DD (proleptic Gregorian, years 0001 to 9999) to days since 1970-01-01.
 */
bool sl_parse_int(const char *text, size_t len, int64_t *out);
bool sl_parse_decimal(const char *text, size_t len, int scale, int64_t *out);
bool sl_parse_date(const char *text, size_t len, int64_t *out);

/* sl_days_from_civil, sl_civil_from_days - calendar day to and from days since 1970-01-01. False: no such day. */
bool sl_days_from_civil(int year, int month, int day, int64_t *out);
bool sl_civil_from_days(int64_t days, int *year, int *month, int *day);

/*
 * sl_format_decimal - v on grid `scale` as canonical text: no exponent, exactly `scale` digits behind the
 * point, never "-0". out has room for SL_DECIMAL_TEXT bytes. Returns the length.
 */
#define SL_DECIMAL_TEXT 32
size_t sl_format_decimal(int64_t v, int scale, char out[static SL_DECIMAL_TEXT]);

/*
 * sl_short_decimal - v as a decimal of at most 15 digits, 1 to 6 of them behind the point and as few as will do:
 * v is the double next to digits / 10^scale. False when there is none, or 0 < |v| < 1e-4, or v is not finite.
 */
bool sl_short_decimal(double v, int64_t *digits, int *scale);

/* sl_format_date - days since 1970-01-01 as YYYY-MM-DD; "" when out of range. Returns the length. */
size_t sl_format_date(int64_t days, char out[static SL_DECIMAL_TEXT]);

#endif
