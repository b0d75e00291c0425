/* sealed.h - a world's tables as sealed segments, mapped and opened: a store as the confined engine has it. */
#ifndef SL_TEST_AGREEMENT_SEALED_H
#define SL_TEST_AGREEMENT_SEALED_H

#include "enclave/engine/segment_store.h"
#include "tests/agreement/world.h"

struct sealed {
	struct sl_engine_setup setup;
	struct sl_segment_store store;
	int fds[SL_TABLES_MAX];
	void *maps[SL_TABLES_MAX];
	uint32_t nsealed; /* the first of them; a reference table is none */
};

/* sealed_open - the world's tables, for a lane per thread of the crew; sealed_close frees it. */
struct sealed *sealed_open(const struct world *w);
void sealed_close(struct sealed *s);

#endif
