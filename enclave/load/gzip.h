/*
 * gzip.h - a gzip stream of any number of members, as a source of bytes.
 *
 * Zero bytes behind the last member are padding (as gzip(1) has it); anything else there is an error, and so is
 * an end in the middle of a member. How much comes out is bounded by the reader, not here.
 */
#ifndef SL_LOAD_GZIP_H
#define SL_LOAD_GZIP_H

#include <stdbool.h>
#include <zlib.h>

#include "enclave/load/bytes.h"

struct sl_gzip {
	struct sl_bytes base;
	struct sl_bytes *from;   /* borrowed; set before the first read */
	z_stream z;
	bool inited, in_member, any_member, from_ended;
	uint8_t in[64 << 10];
};

/* sl_gzip_init - allocates the window; before lock-down. SL_E_NOMEM. sl_gzip_fini accepts a zeroed one. */
SL_MUST_CHECK enum sl_rc sl_gzip_init(struct sl_gzip *g, struct sl_err *err);
void sl_gzip_fini(struct sl_gzip *g);

#endif
