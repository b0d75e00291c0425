/*
 * segment_store.h - the tables of an engine setup as sealed segments in memory: a store of feeds. Used by main.c.
 *
 * Holds subkeys of granted columns only. Before lock-down segments are opened and ciphers made; after it a feed
 * deciphers row group after row group, each checked against its tag before a row is used.
 */
#ifndef SL_ENGINE_SEGMENT_STORE_H
#define SL_ENGINE_SEGMENT_STORE_H

#include "enclave/engine/feed.h"
#include "enclave/pact/setup.h"
#include "enclave/vault/reader.h"

struct sl_segment_store {
	struct sl_store store;                /* first: what the engine sees */
	const struct sl_engine_setup *setup;  /* borrowed */
	uint32_t lanes;                       /* threads that may run feeds at the same time */
	struct sl_reader readers[SL_TABLES_MAX];
	bool is_open[SL_TABLES_MAX];
};

/*
 * sl_segment_store_init - no table opened yet. Borrows setup until _fini; its view is checked (sl_view_check). lanes is
 * 1 to SL_READER_LANES_MAX.
 */
void sl_segment_store_init(struct sl_segment_store *s, const struct sl_engine_setup *setup, uint32_t lanes);

/*
 * sl_segment_store_table - open table `table` from its whole segment.
 *   data, bytes  in  readable and unchanged until _fini
 * Fails: SL_E_INTEGRITY (not that segment, or its columns are not what the view says), SL_E_INPUT (the setup's columns
 * do not match its view), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_segment_store_table(struct sl_segment_store *s, uint32_t table, const void *data,
                                                uint64_t bytes, struct sl_err *err);

void sl_segment_store_fini(struct sl_segment_store *s);

#endif
