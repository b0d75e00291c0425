/*
 * bytes.h - where source bytes come from: a descriptor, memory, or another source unzipped.
 */
#ifndef SL_LOAD_BYTES_H
#define SL_LOAD_BYTES_H

#include "enclave/base/buf.h"

/* A stream; each kind embeds it first. Borrowed by whoever reads from it. */
struct sl_bytes {
	/* Give 1..cap bytes, or *n = 0 at the end. */
	enum sl_rc (*read)(struct sl_bytes *b, uint8_t *out, size_t cap, size_t *n, struct sl_err *err);
	uint64_t given;   /* bytes handed out so far */
};

struct sl_bytes_fd {
	struct sl_bytes base;
	int fd;
};

struct sl_bytes_memory {
	struct sl_bytes base;
	const uint8_t *at, *end;
	size_t step;      /* most bytes given at once; 0: as many as fit. For tests */
};

/* sl_bytes_fd_init - over an open descriptor, borrowed, read with read(2) alone. */
void sl_bytes_fd_init(struct sl_bytes_fd *b, int fd);
void sl_bytes_memory_init(struct sl_bytes_memory *b, const void *data, size_t len);

#endif
