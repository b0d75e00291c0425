/*
 * entry.h - what can be found: every table and column of the stored catalogues, one row each. Made of the catalogues
 * and nothing else; what is decided about access is decided from their texts, never from here.
 */
#ifndef SL_JOBS_STORE_ENTRY_H
#define SL_JOBS_STORE_ENTRY_H

#include "jobs/store/db.h"

/* A table (column "") or one of its columns. Texts are borrowed until the next row. */
struct sl_store_entry {
	const char *table;     /* "dataset.table" */
	const char *column;
	int64_t position;      /* 0: the table; else of the column, from 1 */
	const char *owner, *space, *rhythm, *title, *description, *labels;
	uint8_t class_;        /* enum sl_class, of the table */
	const char *folded;    /* name, title, description, labels, each folded, apart by line feeds */
};

/*
 * sl_store_entries_begin - take out what is there of a dataset and note of which catalogue and folding its entries are.
 * sl_store_entry_put - one more of it. Both within a transaction.
 * sl_store_entries_stale - call see for each stored catalogue whose entries are of another text or folding.
 * sl_store_entry_tables - all tables, by name. sl_store_entry_folded - of all tables and columns, by table and
 *   position, what is compared in a search; see is told the row, for sl_store_entry_rows, which reads the rest of the
 *   few that are found, in the order given. see may end any of them with its own failure.
 */
SL_MUST_CHECK enum sl_rc sl_store_entries_begin(struct sl_db *db, const char *dataset, const uint8_t digest[static 32],
                                                int64_t folding, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_entry_put(struct sl_db *db, const char *dataset, const struct sl_store_entry *entry,
                                            struct sl_err *err);
typedef enum sl_rc sl_store_stale_see(void *self, const char *dataset, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_entries_stale(struct sl_db *db, int64_t folding, sl_store_stale_see *see, void *self,
                                                struct sl_err *err);
typedef enum sl_rc sl_store_entry_see(void *self, const struct sl_store_entry *entry, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_entry_tables(struct sl_db *db, sl_store_entry_see *see, void *self,
                                               struct sl_err *err);
typedef enum sl_rc sl_store_folded_see(void *self, int64_t row, bool is_table, const char *folded, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_entry_folded(struct sl_db *db, sl_store_folded_see *see, void *self,
                                               struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_entry_rows(struct sl_db *db, const int64_t *rows, size_t n, sl_store_entry_see *see,
                                             void *self, struct sl_err *err);

#endif
