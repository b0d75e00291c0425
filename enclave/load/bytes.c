/* bytes.c - see bytes.h. */
#include "enclave/load/bytes.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static enum sl_rc read_fd(struct sl_bytes *b, uint8_t *out, size_t cap, size_t *n, struct sl_err *err)
{
	struct sl_bytes_fd *self = (struct sl_bytes_fd *)b;
	ssize_t got;

	do
		got = read(self->fd, out, cap);
	while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	b->given += *n;
	/* No strerror: it may look for a message catalogue, and this runs after lock-down. */
	return got >= 0 ? SL_OK : sl_err_set(err, SL_E_IO, "the source cannot be read: error %d", errno);
}

static enum sl_rc read_memory(struct sl_bytes *b, uint8_t *out, size_t cap, size_t *n, struct sl_err *err)
{
	struct sl_bytes_memory *self = (struct sl_bytes_memory *)b;
	size_t left = (size_t)(self->end - self->at);

	(void)err;
	*n = left < cap ? left : cap;
	if (self->step > 0 && *n > self->step)
		*n = self->step;
	if (*n > 0)
		memcpy(out, self->at, *n);
	self->at += *n;
	b->given += *n;
	return SL_OK;
}

void sl_bytes_fd_init(struct sl_bytes_fd *b, int fd)
{
	*b = (struct sl_bytes_fd){ .base = { .read = read_fd }, .fd = fd };
}

void sl_bytes_memory_init(struct sl_bytes_memory *b, const void *data, size_t len)
{
	*b = (struct sl_bytes_memory){ .base = { .read = read_memory }, .at = data,
		.end = len > 0 ? (const uint8_t *)data + len : data };
}
