/* Any bytes as gzip: an end or an error, however they are cut into reads. */
#include <stdlib.h>
#include <string.h>

#include "enclave/load/gzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OUT_BYTES_MAX ((uint64_t)1 << 22)

static enum sl_rc unzip(const uint8_t *data, size_t size, size_t step, uint64_t *sum)
{
	struct sl_bytes_memory from;
	struct sl_gzip *g = malloc(sizeof *g);
	uint8_t out[4096];
	size_t n = 1;
	enum sl_rc rc;

	if (g == NULL)
		abort();
	rc = sl_gzip_init(g, NULL);
	sl_bytes_memory_init(&from, data, size);
	from.step = step;
	g->from = &from.base;
	while (rc == SL_OK && n > 0 && g->base.given < OUT_BYTES_MAX) {
		rc = g->base.read(&g->base, out, sizeof out, &n, NULL);
		if (n > sizeof out)
			abort();
		for (size_t i = 0; i < n; i++)
			*sum = *sum * 31 + out[i];
	}
	sl_gzip_fini(g);
	free(g);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t whole = 0, cut = 0;
	enum sl_rc a = unzip(data, size, 0, &whole), b = unzip(data, size, 3, &cut);

	if (a != b || (a == SL_OK && whole != cut))
		abort();
	return 0;
}
