/*
 * confine.h - how a confined executable locks itself up, and the one main() they all share.
 *
 * Used by the main.c of sluice-script, sluice-engine, sluice-check and sluice-load. The keeper starts them:
 *   argv = { name, number of data descriptors, bytes of memory [, "probe"] }, empty environment,
 *   descriptors: 0 1 2 = /dev/null, 3 = frames in, 4 = frames out, 5 … = data, in the job's order.
 *
 * main.c holds a const struct sl_confine_program and calls sl_confine_main; it never returns:
 *   begin (steps 2 to 4 of the lock-down) → read the SETUP frame → prepare() → lock (rlimits, seccomp) →
 *   READY frame → run() → END frame → _exit.
 * After lock the process has read(2) on its frames-in, write(2) on its frames-out and exit_group(2); load
 * also reads and writes its data descriptors, each only in the direction it was opened for; engine and load have
 * futex(2) to wait and wake, for the threads that lock starts before the filter goes on. Everything
 * else kills the process. Memory comes from the arena: malloc works as ever and gives NULL when it is full. qsort is
 * primed; clocks other than the vdso's, getrandom, stdio streams, abort and new threads are gone.
 */
#ifndef SL_CONFINE_CONFINE_H
#define SL_CONFINE_CONFINE_H

#include "enclave/base/buf.h"
#include "enclave/confine/layers.h"
#include "enclave/confine/program.h"
#include "enclave/pact/frame.h"

#define SL_CONFINE_FD_IN 3
#define SL_CONFINE_FD_OUT 4
#define SL_CONFINE_FD_DATA 5

/* A confined process's view of itself; one per process. */
struct sl_confine {
	enum sl_program program;
	uint32_t ndata;               /* data descriptors: SL_CONFINE_FD_DATA + i, i < ndata */
	uint64_t memory_bytes;        /* of the arena */
	uint32_t threads;             /* set by prepare: how many are to work (crew.h); 0 and 1: one */
	bool probe;                   /* started only to report its layers */
	uint32_t layers;              /* on so far */
	struct sl_frame_side in, out;
	uint8_t phase;                /* 0 new, 1 begun, 2 locked */
};

/*
 * What a program is. state is the program's own, passed through.
 *   prepare  before lock-down, with the body of the SETUP frame (borrowed until it returns): decode, map data
 *            descriptors, allocate, prime libraries. No filter is on yet. May be NULL.
 *   run      after lock-down. Receives and sends with sl_confine_recv/send. SL_OK means the answer was
 *            delivered, also when the answer is "the script has an error" or "row 7 is bad": the END frame then
 *            says ok. Any other code becomes END {ok 0, reason by code, err->text for the operator's log},
 *            and the keeper throws away every frame sent before.
 */
struct sl_confine_program {
	enum sl_program program;
	enum sl_frame_type setup_type;
	size_t setup_bytes_max;
	enum sl_rc (*prepare)(struct sl_confine *c, const uint8_t *setup, size_t len, void *state, struct sl_err *err);
	enum sl_rc (*run)(struct sl_confine *c, void *state, struct sl_err *err);
};

_Noreturn void sl_confine_main(const struct sl_confine_program *program, void *state, int argc, char **argv);

/*
 * sl_confine_recv - receive one frame of an accepted type; contract of sl_frame_read.
 * sl_confine_send - send one frame; contract of sl_frame_write.
 * The END and READY frames are sent by sl_confine_main.
 */
SL_MUST_CHECK enum sl_rc sl_confine_recv(struct sl_confine *c, const enum sl_frame_type *allowed, size_t nallowed,
                                         size_t len_max, enum sl_frame_type *type, struct sl_buf *body,
                                         struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_confine_send(struct sl_confine *c, enum sl_frame_type type, const void *body, size_t len,
                                         struct sl_err *err);

/* The two halves, for sl_confine_main and tests. */

/*
 * sl_confine_begin - first act of main: arguments, arena, UTC and the C locale, exact environment and
 * descriptors, parent death, no_new_privs, capabilities, Landlock, dumpable. c is zeroed by the caller.
 * Fails: SL_E_HOST naming the first required layer that is off; c->layers then lacks it.
 * SL_E_INPUT: argv is not what a keeper passes.
 */
SL_MUST_CHECK enum sl_rc sl_confine_begin(struct sl_confine *c, enum sl_program program, int argc, char **argv,
                                          struct sl_err *err);

/*
 * sl_confine_lock - last act before work: rlimits, MDWE, clock off, seccomp. Needs phase 1.
 * Fails as begin; the process must then end.
 */
SL_MUST_CHECK enum sl_rc sl_confine_lock(struct sl_confine *c, struct sl_err *err);

#endif
