/* gzip.c - see gzip.h. */
#include "enclave/load/gzip.h"

#include <string.h>

#define WINDOW_GZIP_ONLY (15 + 16)

static enum sl_rc refill(struct sl_gzip *g, struct sl_err *err)
{
	size_t n = 0;
	enum sl_rc rc;

	if (g->z.avail_in > 0 || g->from_ended)
		return SL_OK;
	rc = g->from->read(g->from, g->in, sizeof g->in, &n, err);
	g->z.next_in = g->in;
	g->z.avail_in = (uInt)n;
	g->from_ended = n == 0;
	return rc;
}

/* Between members: padding, the next member, or the end. */
static enum sl_rc between(struct sl_gzip *g, bool *ended, struct sl_err *err)
{
	bool padded = false;
	enum sl_rc rc = SL_OK;

	for (;;) {
		rc = refill(g, err);
		if (rc != SL_OK)
			return rc;
		if (g->z.avail_in == 0) {
			*ended = true;
			return g->any_member ? SL_OK : sl_err_set(err, SL_E_INPUT, "the source is empty, not a gzip file");
		}
		if (*g->z.next_in != 0 || !g->any_member)
			break;
		padded = true;
		g->z.next_in++;
		g->z.avail_in--;
	}
	if (padded)
		return sl_err_set(err, SL_E_INPUT, "bytes that are not gzip follow the compressed data");
	if (g->any_member && inflateReset(&g->z) != Z_OK)
		return sl_err_set(err, SL_E_BUG, "inflate cannot start again");
	g->in_member = true;
	return SL_OK;
}

static enum sl_rc step(struct sl_gzip *g, struct sl_err *err)
{
	switch (inflate(&g->z, Z_NO_FLUSH)) {
	case Z_STREAM_END:
		g->in_member = false;
		g->any_member = true;
		return SL_OK;
	case Z_OK:
	case Z_BUF_ERROR:
		return SL_OK;
	case Z_MEM_ERROR:
		return sl_err_set(err, SL_E_NOMEM, "out of memory while unzipping");
	default:
		return sl_err_set(err, SL_E_INPUT, g->any_member || g->z.total_out > 0
			                                       ? "the gzip data is damaged"
			                                       : "the source is not gzip data, or its beginning is damaged");
	}
}

static enum sl_rc read_gzip(struct sl_bytes *b, uint8_t *out, size_t cap, size_t *n, struct sl_err *err)
{
	struct sl_gzip *g = (struct sl_gzip *)b;
	bool ended = false;
	enum sl_rc rc = SL_OK;

	g->z.next_out = out;
	g->z.avail_out = cap < UINT32_MAX ? (uInt)cap : UINT32_MAX;
	while (rc == SL_OK && !ended && g->z.next_out == out) {
		if (!g->in_member) {
			rc = between(g, &ended, err);
			continue;
		}
		rc = refill(g, err);
		if (rc == SL_OK && g->z.avail_in == 0)
			rc = sl_err_set(err, SL_E_INPUT, "the gzip data ends too early");
		if (rc == SL_OK)
			rc = step(g, err);
	}
	*n = (size_t)(g->z.next_out - out);
	b->given += *n;
	return rc;
}

enum sl_rc sl_gzip_init(struct sl_gzip *g, struct sl_err *err)
{
	memset(g, 0, sizeof *g);
	g->base.read = read_gzip;
	if (inflateInit2(&g->z, WINDOW_GZIP_ONLY) != Z_OK)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for unzipping");
	g->inited = true;
	return SL_OK;
}

void sl_gzip_fini(struct sl_gzip *g)
{
	if (g->inited)
		(void)inflateEnd(&g->z);
	g->inited = false;
}
