/*
 * grid.h - tables on a terminal: columns as wide as they must be, CJK text counted as it is drawn, nothing cut.
 */
#ifndef SL_UI_GRID_H
#define SL_UI_GRID_H

#include <stdbool.h>
#include <stdio.h>

#include "enclave/base/err.h"

struct libscols_table;

/* Zeroed: no table. Free with sl_grid_free. */
struct sl_grid {
	struct libscols_table *table;
	size_t ncolumns;
	bool failed;     /* sticky: out of memory */
};

/*
 * sl_grid_open - names[0..n); one that begins with '>' is for numbers and stands on the right. Cannot fail:
 * sl_grid_print tells.
 */
void sl_grid_open(struct sl_grid *g, const char *const *names, size_t n);
/* sl_grid_row - n texts, escaped here. NULL prints as "". */
void sl_grid_row(struct sl_grid *g, const char *const *texts);
SL_MUST_CHECK enum sl_rc sl_grid_print(struct sl_grid *g, FILE *f, struct sl_err *err);
void sl_grid_free(struct sl_grid *g);

#endif
