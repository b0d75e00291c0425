/*
 * rhythm.h - how often a table is expected to be imported: "P1D", "P2W", "P3M", "P1Y", an ISO 8601 duration of one
 * part.
 */
#ifndef SL_POLICY_RHYTHM_H
#define SL_POLICY_RHYTHM_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: none. */
struct sl_rhythm {
	uint32_t n;  /* 1 to 999 */
	char of;     /* 'D', 'W', 'M', 'Y' */
};

/* sl_rhythm_parse - false: it is none; *out is then zeroed. */
bool sl_rhythm_parse(const char *text, struct sl_rhythm *out);

/*
 * sl_rhythm_due - the last day on which the next import is in time, after one on `day` (both since 1970-01-01). A month
 * after the 31st is the last day of a shorter month. INT64_MAX: beyond the calendar.
 */
int64_t sl_rhythm_due(const struct sl_rhythm *rhythm, int64_t day);

#endif
