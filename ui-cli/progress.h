/*
 * progress.h - what an import tells while it runs, on stderr: how far a table is, then what became of it.
 *
 * On a terminal one line is written over; elsewhere a line comes every few seconds. With --json nothing moves, and
 * tables are collected in the answer.
 */
#ifndef SL_UI_PROGRESS_H
#define SL_UI_PROGRESS_H

#include "jobs/data.h"

struct sl_cli;

/* Zeroed but for cli. */
struct sl_progress {
	struct sl_cli *cli;
	bool is_drawn;       /* an unfinished line stands on the terminal */
	uint8_t phase;       /* of the table that runs; 0: none yet */
	int64_t since_ms, told_ms;
};

struct sl_data_watch sl_progress_watch(struct sl_progress *p);
/* sl_progress_end - take away what stands unfinished on the terminal. */
void sl_progress_end(struct sl_progress *p);

/*
 * sl_progress_line - "study.events: reading 45 %, 1.2 million rows, 0.8 million a second, 3 s left" without the name.
 *   elapsed_ms  in  since the phase began
 *   out         out at most SL_PROGRESS_LINE bytes; numbers may be any
 */
#define SL_PROGRESS_LINE 160
void sl_progress_line(const struct sl_load_progress *progress, int64_t elapsed_ms, char out[static SL_PROGRESS_LINE]);

#endif
