/* progress_line.c - how far, how fast, how long still: numbers of a process nobody has judged yet, so any are taken. */
#include <inttypes.h>
#include <stdio.h>

#include "ui-cli/progress.h"

#define MILLION 1000000.0

static void rows_text(double rows, char *out, size_t cap)
{
	if (rows >= MILLION)
		snprintf(out, cap, "%.1f million", rows / MILLION);
	else
		snprintf(out, cap, "%.0f", rows);
}

static void left_text(double seconds, char *out, size_t cap)
{
	if (seconds < 90)
		snprintf(out, cap, ", %d s left", (int)seconds + 1);
	else if (seconds < 90.0 * 60)
		snprintf(out, cap, ", %.0f min left", seconds / 60);
	else if (seconds < 1e9)
		snprintf(out, cap, ", %.0f h left", seconds / 3600);
}

void sl_progress_line(const struct sl_load_progress *progress, int64_t elapsed_ms, char out[static SL_PROGRESS_LINE])
{
	double share = progress->total > 0 ? (double)progress->done / (double)progress->total : 0;
	double seconds = elapsed_ms > 0 ? (double)elapsed_ms / 1000 : 0;
	char rows[32], rate[48] = "", left[32] = "", percent[16] = "";

	rows_text((double)progress->rows, rows, sizeof rows);
	/* Nothing is foretold from less than half a second or from a thousandth of the way. */
	if (seconds >= 0.5) {
		char per_second[32];

		rows_text((double)progress->rows / seconds, per_second, sizeof per_second);
		snprintf(rate, sizeof rate, ", %s a second", per_second);
		if (share > 0.001 && share <= 1)
			left_text(seconds * (1 - share) / share, left, sizeof left);
	}
	if (progress->total > 0)
		snprintf(percent, sizeof percent, " %.0f %%,", share <= 1 ? share * 100 : 100);
	snprintf(out, SL_PROGRESS_LINE, "%s%s %s rows%s%s", progress->phase == SL_LOAD_WRITING ? "writing" : "reading",
	         percent, rows, rate, left);
}
