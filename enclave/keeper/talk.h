/*
 * talk.h - one conversation with a confined process, both directions at once, against a deadline. Used by
 * keeper.c only. Judges every header before a byte of its body is stored; what it stored is not for the
 * caller before the process is reaped.
 */
#ifndef SL_KEEPER_TALK_H
#define SL_KEEPER_TALK_H

#include "enclave/keeper/launch.h"
#include "enclave/pact/setup.h"

#define SL_TALK_SHORT_BYTES 1024

enum sl_talk_phase {
	SL_TALK_AWAIT_READY = 0,
	SL_TALK_OPEN,          /* READY came, its layers suffice */
	SL_TALK_ENDED,         /* END came; nothing may follow */
};

struct sl_talk {
	/* what was agreed; borrowed */
	const struct sl_keeper_message *send;
	size_t nsend;
	bool setup_is_secret;
	const struct sl_keeper_expect *expect;
	size_t nexpect;
	uint32_t layers_required;
	uint32_t frames_max;   /* 0: SL_KEEPER_FRAMES_MAX */
	struct sl_buf *bodies; /* instead of frames' own; NULL: those */
	bool may_tell_progress;
	void (*progress)(void *self, const uint8_t *body, size_t len); /* may be NULL */
	void *progress_self;
	int64_t deadline;      /* sl_talk_now_ms clock */
	/* where it stands; zeroed at start */
	struct sl_launch *child;
	enum sl_talk_phase phase;
	struct sl_frame_side in, out;
	uint8_t send_first[SL_FRAME_HEADER_BYTES + SL_TALK_SHORT_BYTES];
	size_t sending, sent;  /* message index; bytes of it gone, header included */
	size_t headed;         /* messages whose header was made: each has one number, however often its write is tried */
	uint8_t head[SL_FRAME_HEADER_BYTES];
	size_t head_have;
	enum sl_frame_type type;
	uint32_t body_len, body_have;
	struct sl_buf body;    /* of a frame that is not for `bodies` */
	size_t total;
	uint32_t layers;       /* as READY said, with those of the launch */
	struct sl_keeper_frame *frames;
	uint32_t nframes, frames_cap;
	uint32_t nprogress;
	struct sl_end end;
};

int64_t sl_talk_now_ms(void);

/*
 * sl_talk_until_closed - move bytes until the child closes its end. *fate is set to what the talk itself found:
 * SL_FATE_NONE when it ended in order (read t->phase and t->end), SL_FATE_DEADLINE, SL_FATE_PROTOCOL or
 * SL_FATE_HOST. The child is neither killed nor reaped here.
 * Fails: SL_E_LIMIT (deadline), SL_E_INTEGRITY, SL_E_HOST, SL_E_NOMEM, SL_E_IO.
 */
SL_MUST_CHECK enum sl_rc sl_talk_until_closed(struct sl_talk *t, enum sl_keeper_fate *fate, struct sl_err *err);

void sl_talk_free(struct sl_talk *t);

#endif
