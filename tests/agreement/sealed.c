/* sealed.c - see sealed.h. */
#include "tests/agreement/sealed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/confine/crew.h"

struct sealed *sealed_open(const struct world *w)
{
	struct sealed *s = calloc(1, sizeof *s);
	struct sl_err err = { 0 };

	assert_non_null(s);
	memory_store_seal(&w->store, &w->view, &s->setup, s->fds);
	/* A reference table has its cells in the view, and nothing sealed. */
	s->setup.tables = realloc(s->setup.tables, w->view.ntables * sizeof *s->setup.tables);
	assert_non_null(s->setup.tables);
	for (s->nsealed = s->setup.ntables; s->setup.ntables < w->view.ntables; s->setup.ntables++)
		s->setup.tables[s->setup.ntables] = (struct sl_engine_table){ 0 };
	sl_segment_store_init(&s->store, &s->setup, sl_crew_size());
	for (uint32_t t = 0; t < s->nsealed; t++) {
		uint64_t bytes = s->setup.tables[t].segment_bytes;
		s->maps[t] = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, s->fds[t], 0);
		assert_true(s->maps[t] != MAP_FAILED);
		if (sl_segment_store_table(&s->store, t, s->maps[t], bytes, &err) != SL_OK)
			fail_msg("%s", err.text);
	}
	return s;
}

void sealed_close(struct sealed *s)
{
	sl_segment_store_fini(&s->store);
	for (uint32_t t = 0; t < s->nsealed; t++) {
		munmap(s->maps[t], s->setup.tables[t].segment_bytes);
		close(s->fds[t]);
	}
	sl_codec_free(&sl_engine_setup_record, &s->setup);
	free(s);
}
