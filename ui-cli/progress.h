/*
 * progress.h - what an import tells while it runs.
 */
#ifndef SL_UI_PROGRESS_H
#define SL_UI_PROGRESS_H

#include "jobs/data.h"

/* sl_progress_watch - prints on stderr what happens to each table and collects it in the answer for --json. */
struct sl_cli;
struct sl_data_watch sl_progress_watch(struct sl_cli *c);

#endif
