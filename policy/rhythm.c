/* rhythm.c - see rhythm.h. */
#include "policy/rhythm.h"

#include <string.h>

#include "enclave/base/num.h"

bool sl_rhythm_parse(const char *text, struct sl_rhythm *out)
{
	const char *p = text;
	uint32_t n = 0;

	*out = (struct sl_rhythm){0};
	if (*p++ != 'P' || *p < '1' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9' && n <= 999; p++)
		n = 10 * n + (uint32_t)(*p - '0');
	if (n > 999 || *p == '\0' || strchr("DWMY", *p) == NULL || p[1] != '\0')
		return false;
	*out = (struct sl_rhythm){.n = n, .of = *p};
	return true;
}

int64_t sl_rhythm_due(const struct sl_rhythm *rhythm, int64_t day)
{
	int n = (int)rhythm->n, y, m, d;
	int64_t due;

	if (rhythm->of == 'D' || rhythm->of == 'W')
		return day + (rhythm->of == 'W' ? 7 : 1) * (int64_t)n;
	if (!sl_civil_from_days(day, &y, &m, &d))
		return INT64_MAX;
	m += rhythm->of == 'Y' ? 12 * n : n;
	y += (m - 1) / 12;
	m = (m - 1) % 12 + 1;
	for (; d > 0; d--)
		if (sl_days_from_civil(y, m, d, &due))
			return due;
	return INT64_MAX;
}
