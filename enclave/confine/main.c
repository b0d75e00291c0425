/* main.c - see confine.h: the one order of events in every confined program. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/confine/confine.h"
#include "enclave/pact/setup.h"

static const uint8_t reason_of[] = {
	[SL_OK] = SL_END_DONE,       [SL_E_NOMEM] = SL_END_MEMORY,       [SL_E_LIMIT] = SL_END_LIMIT,
	[SL_E_INPUT] = SL_END_INPUT, [SL_E_INTEGRITY] = SL_END_INTEGRITY, [SL_E_IO] = SL_END_IO,
};

enum sl_rc sl_confine_recv(struct sl_confine *c, const enum sl_frame_type *allowed, size_t nallowed, size_t len_max,
                           enum sl_frame_type *type, struct sl_buf *body, struct sl_err *err)
{
	return sl_frame_read(SL_CONFINE_FD_IN, &c->in, allowed, nallowed, len_max, type, body, err);
}

enum sl_rc sl_confine_send(struct sl_confine *c, enum sl_frame_type type, const void *body, size_t len,
                           struct sl_err *err)
{
	return sl_frame_write(SL_CONFINE_FD_OUT, &c->out, type, body, len, err);
}

/* Without judging: a keeper that is gone needs no answer, and there is nobody else to tell. */
static void send_ready(struct sl_confine *c)
{
	uint8_t mask[4];

	for (size_t i = 0; i < sizeof mask; i++)
		mask[i] = (uint8_t)(c->layers >> (8 * i));
	(void)!sl_confine_send(c, SL_FRAME_READY, mask, sizeof mask, NULL);
}

/* Written by hand into a fixed buffer: it must also work when memory is what ran out. */
static void send_end(struct sl_confine *c, enum sl_rc rc, const struct sl_err *err)
{
	uint8_t body[2 + 4 + sizeof err->text];
	size_t len = rc == SL_OK ? 0 : strnlen(err->text, sizeof err->text);

	body[0] = rc == SL_OK;
	body[1] = (size_t)rc < sizeof reason_of ? reason_of[rc] : SL_END_NONE;
	for (size_t i = 0; i < 4; i++)
		body[2 + i] = (uint8_t)(len >> (8 * i));
	memcpy(body + 6, err->text, len);
	(void)!sl_confine_send(c, SL_FRAME_END, body, 6 + len, NULL);
}

static enum sl_rc receive_and_prepare(struct sl_confine *c, const struct sl_confine_program *p, void *state,
                                      struct sl_err *err)
{
	enum sl_frame_type type;
	struct sl_buf setup = { 0 };
	enum sl_rc rc;

	rc = sl_confine_recv(c, &p->setup_type, 1, p->setup_bytes_max, &type, &setup, err);
	if (rc == SL_OK && p->prepare != NULL)
		rc = p->prepare(c, setup.data, setup.len, state, err);
	sl_buf_free(&setup);
	return rc;
}

void sl_confine_main(const struct sl_confine_program *p, void *state, int argc, char **argv)
{
	struct sl_confine c = { 0 };
	struct sl_err err = { 0 };
	enum sl_rc rc;

	rc = sl_confine_begin(&c, p->program, argc, argv, &err);
	if (rc == SL_E_INPUT) {
		(void)!write(STDERR_FILENO, "this program is started by sluice, not by hand\n", 47);
		_exit(sl_rc_exit(SL_E_USAGE));
	}
	if (rc != SL_OK) {
		send_ready(&c); /* the keeper reads from the mask which layer is off */
		_exit(sl_rc_exit(rc));
	}
	if (!c.probe)
		rc = receive_and_prepare(&c, p, state, &err);
	if (rc == SL_OK) {
		rc = sl_confine_lock(&c, &err);
		send_ready(&c);
		if (rc != SL_OK)
			_exit(sl_rc_exit(rc));
		if (!c.probe)
			rc = p->run(&c, state, &err);
	}
	send_end(&c, rc, &err);
	_exit(0);
}
