/*
 * sqlite.h - one table of an SQLite database that lies in memory, as rows.
 *
 * The database is foreign: it is opened read-only with every convenience off, and an authorizer lets nothing pass but
 * reading the named columns of that one table. Views, virtual tables, shadow tables and generated columns would run
 * what their author wrote, so they are refused. The first row is the names of all columns; cells of columns that were
 * not named are NULL. Rows come in the order of the table's key.
 */
#ifndef SL_LOAD_SQLITE_H
#define SL_LOAD_SQLITE_H

#include "enclave/base/buf.h"
#include "enclave/base/num.h"
#include "enclave/load/rowsource.h"
#include "enclave/pact/load.h"

struct sqlite3;
struct sqlite3_stmt;

struct sl_sqlite {
	struct sl_row_source rows;
	struct sqlite3 *db;
	struct sqlite3_stmt *select;
	const struct sl_load_setup *setup; /* borrowed: table and columns */
	uint8_t phase;                     /* what the authorizer lets pass now */
	uint32_t steps;                    /* of reading the schema */
	struct sl_cell *cells;
	uint32_t ncells;
	char (*texts)[SL_DECIMAL_TEXT];    /* per cell: of the present row, where a number's text is ours */
	int32_t *selected;                 /* per cell: its place in the SELECT, or -1 */
	struct sl_buf names;               /* of the columns, each with a NUL */
	uint64_t row;                      /* 0: the header comes next */
};

/* sl_sqlite_prime - everything SQLite asks of the system; before lock-down. SL_E_BUG. */
SL_MUST_CHECK enum sl_rc sl_sqlite_prime(struct sl_err *err);

/*
 * sl_sqlite_open - over the images sl_memvfs_serve was given; works after lock-down.
 *   s  out  caller's storage; sl_sqlite_close also after failure; accepts a zeroed one
 * Fails: SL_E_INPUT (not SQLite, damaged, no such table, not a plain table, a generated column), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_sqlite_open(struct sl_sqlite *s, const struct sl_load_setup *setup, struct sl_err *err);
void sl_sqlite_close(struct sl_sqlite *s);

#endif
