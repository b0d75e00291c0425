/*
 * scratch.h - a folder for one test, files in it, and stock programs run in it: whether ssh-keygen and openssl agree is
 * asked of themselves.
 */
#ifndef SL_TEST_SCRATCH_H
#define SL_TEST_SCRATCH_H

#include "enclave/base/buf.h"

/* cmocka's setup and teardown of a group: makes the folder and goes into it; removes it. */
int scratch_enter(void **state);
int scratch_leave(void **state);

void scratch_write(const char *name, const void *data, size_t len);
/* The whole file appended to out. */
void scratch_read(const char *name, struct sl_buf *out);
/* A shell line, its output left away: the exit code. */
int scratch_run(const char *fmt, ...) SL_PRINTF(1, 2);

/* An Ed25519 key pair of ssh-keygen's in NAME and NAME.pub, without passphrase. */
void scratch_ssh_key(const char *name);

#endif
