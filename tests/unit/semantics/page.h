/*
 * page.h - reads docs/semantics.md: the table of the example row becomes a view and values, the other tables
 * become examples.
 */
#ifndef SL_TEST_PAGE_H
#define SL_TEST_PAGE_H

#include "enclave/pact/expr.h"
#include "enclave/pact/view.h"

#define PAGE_COLUMNS_MAX 32
#define PAGE_LABELS_MAX 8
#define PAGE_CELL_BYTES 256
#define PAGE_REFERENCES_MAX 4

/* One table row: its three cells, without the back quotes around the second. */
struct page_line {
	unsigned line;
	char section[64];
	char meaning[PAGE_CELL_BYTES], example[PAGE_CELL_BYTES], gives[PAGE_CELL_BYTES];
};

struct page {
	struct sl_table table;
	struct sl_table tables[1 + PAGE_REFERENCES_MAX]; /* the table, then reference tables of one attribute each */
	struct sl_view view;
	struct sl_column columns[PAGE_COLUMNS_MAX];
	struct sl_value values[PAGE_COLUMNS_MAX];
	struct sl_label labels[PAGE_COLUMNS_MAX][PAGE_LABELS_MAX];
	struct sl_band bands[PAGE_COLUMNS_MAX][PAGE_LABELS_MAX];
	struct sl_column attributes[PAGE_REFERENCES_MAX];
	struct sl_reference_cell cells[PAGE_REFERENCES_MAX][PAGE_LABELS_MAX];
	const char *looked_up_by[PAGE_REFERENCES_MAX];
	uint32_t nreferences;
	struct page_line *lines;
	size_t nlines;
	char *text; /* pieces of it are labels and names */
};

/* page_read - fails the test (cmocka) for a line of the page that is neither preamble, heading, blank nor table. */
void page_read(struct page *p, const char *path);
void page_free(struct page *p);

#endif
