/*
 * keeper.h - starts a confined program, talks with it, watches it, and buries it before anybody reads what
 * it said.
 *
 * The caller (jobs/) says what to send and what may come back; it gets frames only after the process has sent
 * END {ok}, closed its end, and been reaped. Whatever else happens - a signal, the filter, the deadline, a
 * wrong frame, a byte too many - the process is killed and reaped, no frame is handed over, err says why in
 * words for the operator's log, and `fate` says it as a class, so that the analyst can be shown one constant.
 * Opens no key, parses no result: bodies are opaque bytes, except READY and END.
 */
#ifndef SL_KEEPER_KEEPER_H
#define SL_KEEPER_KEEPER_H

#include "enclave/base/buf.h"
#include "enclave/confine/layers.h"
#include "enclave/confine/program.h"
#include "enclave/pact/frame.h"

#define SL_KEEPER_FRAMES_MAX 4096

struct sl_keeper_job {
	enum sl_program program;
	const char *path;          /* executable; NULL: the program's name in the libexec directory (sl_keeper_find) */
	const int *data_fds;       /* become 5, 6 … in the child; borrowed, stay open here */
	uint32_t ndata;            /* at most SL_PROGRAM_DATA_FDS_MAX */
	uint64_t memory_bytes;     /* the child's arena: everything it allocates, in bytes */
	uint64_t file_bytes_max;   /* load only: longest file it may write; 0 for the others */
	uint32_t deadline_ms;      /* wall clock, start to reaped */
	uint32_t cpu_ms;           /* CPU time of each thread, in whole seconds rounded up; 0: the deadline and a second */
	uint32_t threads;          /* that may work in it, for the CPU time; 0: one */
	uint32_t frames_max;       /* that it may send between READY and END; 0: SL_KEEPER_FRAMES_MAX, the most there is */
	uint32_t layers_required;  /* by policy, besides sl_layers_required(); those that are not for the program are let go */
	/*
	 * The first message holds keys: its bytes are zeroed as they are written to the child, and all of them before the
	 * call returns, however it ends. The caller may write to them.
	 */
	bool setup_is_secret;
	/*
	 * load only, may be NULL: called with the body of each LOAD_PROGRESS frame as it comes, borrowed until it returns.
	 * The process is then alive and unjudged, so the body is data to decode and check; it is no part of an answer.
	 */
	void (*progress)(void *self, const uint8_t *body, size_t len);
	void *progress_self;
	/*
	 * May be NULL: gets the bodies that come back, each after its length (u32), instead of the outcome's frames, whose
	 * own are then empty: megabytes that need not be copied. Bytes are appended as they come; where the call fails they
	 * are nothing, and the caller frees them.
	 */
	struct sl_buf *bodies;
};

/* A frame to send; data is borrowed until the call returns. The SETUP frame is the first. */
struct sl_keeper_message {
	enum sl_frame_type type;
	const void *data;
	size_t len;
};

/* Frames that may come back between READY and END, in any order among the types. */
struct sl_keeper_expect {
	enum sl_frame_type type;
	uint32_t count_min, count_max;
	size_t len_max;            /* of one body */
};

/* How it ended. Zero is no answer. */
enum sl_keeper_fate {
	SL_FATE_NONE = 0,     /* not started, or not ended */
	SL_FATE_DONE,         /* END {ok}, end of stream, exit 0, reaped */
	SL_FATE_FAILED,       /* END {not ok}: the program says what it could not do */
	SL_FATE_DEADLINE,     /* wall clock or CPU time */
	SL_FATE_FILTER,       /* killed by the system call filter */
	SL_FATE_CRASHED,      /* any other signal */
	SL_FATE_EXITED,       /* left without END, or with an exit code */
	SL_FATE_PROTOCOL,     /* a frame of wrong type, length, number or sequence, or bytes after END */
	SL_FATE_HOST,         /* could not be started, or a required layer is off */
};

struct sl_keeper_frame {
	enum sl_frame_type type;
	struct sl_buf body;
};

/* Zeroed by the caller; free with sl_keeper_outcome_free. */
struct sl_keeper_outcome {
	enum sl_keeper_fate fate;
	uint32_t layers;               /* that were on */
	struct sl_keeper_frame *frames; /* in order of arrival; only when fate is SL_FATE_DONE */
	uint32_t nframes;
	uint8_t end_reason;            /* enum sl_end_reason, as the program said */
	uint32_t wall_ms;
};

/*
 * sl_keeper_run - one whole conversation: start, send every message, READY, receive, END, reap.
 *   job, send, expect  in  borrowed
 *   out                out zeroed by the caller; filled also on failure (fate, layers), without frames
 * Limits: all bodies together at most the sum of count_max * len_max, and SL_BUF_MAX.
 * Fails:  SL_E_HOST     a required layer is off or the program cannot be started (err: layer, remedy)
 *         SL_E_LIMIT    deadline, or END said memory or limit
 *         SL_E_INTEGRITY protocol broken, killed by the filter, crashed, or END said integrity
 *         SL_E_INPUT    END said input
 *         SL_E_IO       END said io: the child's disk
 *         SL_E_NOMEM, SL_E_IO  here in the parent
 * The process is dead and reaped in every case. SIGPIPE is blocked during the call and left as it was.
 */
SL_MUST_CHECK enum sl_rc sl_keeper_run(const struct sl_keeper_job *job, const struct sl_keeper_message *send,
                                       size_t nsend, const struct sl_keeper_expect *expect, size_t nexpect,
                                       struct sl_keeper_outcome *out, struct sl_err *err);

void sl_keeper_outcome_free(struct sl_keeper_outcome *out);   /* zeroes the bodies; out is zeroed after */

/*
 * sl_keeper_probe - start `program`, let it lock itself up, and tell the layers that were on; no setup, no data.
 * For `sluice doctor` and before a job. SL_OK also when wanted layers are off; SL_E_HOST when a required one is.
 */
SL_MUST_CHECK enum sl_rc sl_keeper_probe(enum sl_program program, const char *path, uint32_t *layers,
                                         struct sl_err *err);

/*
 * sl_keeper_find - path of a program's executable: beside /proc/self/exe, or in ../libexec/sluice from there.
 * out has room for cap bytes. SL_E_HOST when it is in neither place.
 */
SL_MUST_CHECK enum sl_rc sl_keeper_find(enum sl_program program, char *out, size_t cap, struct sl_err *err);

/* sl_keeper_fate_name - "done", "deadline" …, stable, for the operator's log. */
const char *sl_keeper_fate_name(enum sl_keeper_fate fate);

/*
 * sl_keeper_judge_layers - SL_OK when `layers` has every layer of sl_layers_required() | required; else SL_E_HOST
 * naming the first that is off, with its remedy. For doctor.
 */
SL_MUST_CHECK enum sl_rc sl_keeper_judge_layers(uint32_t layers, uint32_t required, struct sl_err *err);

#endif
