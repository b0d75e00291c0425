/*
 * progress.h - what an import tells while it runs.
 */
#ifndef SL_UI_PROGRESS_H
#define SL_UI_PROGRESS_H

#include "jobs/data.h"

/*
 * sl_progress_table - a sl_data_progress: prints a table's report on stderr; self is the struct sl_cli, which
 * collects JSON.
 */
void sl_progress_table(void *self, const char *table, const struct sl_load_report *report);

#endif
