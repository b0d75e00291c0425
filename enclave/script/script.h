/*
 * script.h - run a job's Lua text to its end and hand over the plans it declared.
 *
 * The work of sluice-script without its process: main.c wires frames to it, tests and fuzzers call it
 * directly. What comes out is a function of the setup's script, parameters and view alone.
 *
 * Non-goals: bounding time. The step budget ends honest mistakes; a C function of Lua (a pattern) can outlast it,
 * and the keeper's deadline is the bound.
 */
#ifndef SL_SCRIPT_SCRIPT_H
#define SL_SCRIPT_SCRIPT_H

#include "enclave/pact/setup.h"

#define SL_SCRIPT_STEPS_MAX 50000000u  /* Lua instructions: a third of a second, where a job needs a thousandth */

struct sl_script;

/* Where it all goes, in this order, once the script has ended. */
struct sl_script_sink {
	void *self;
	/*
	 * everything printed, at most setup->print_bytes_max: escaped (sl_text_escape) lines, each with its \n; not
	 * called if none
	 */
	enum sl_rc (*print)(void *self, const char *text, size_t len, struct sl_err *err);
	/* one encoded plan, in order of output() */
	enum sl_rc (*plan)(void *self, const uint8_t *wire, size_t len, struct sl_err *err);
	/* last: how the script ended; borrowed */
	enum sl_rc (*end)(void *self, const struct sl_script_end *end, struct sl_err *err);
};

/*
 * sl_script_new - make the Lua state and its globals. Reads the clock (Lua's hash seed), so it comes before
 * lock-down; sl_script_run makes no system call but those of the sink.
 *   setup      in  borrowed until free; setup->view satisfies sl_view_check
 *   steps_max  in  Lua instructions
 * Fails: SL_E_NOMEM; *out is then NULL.
 */
SL_MUST_CHECK enum sl_rc sl_script_new(const struct sl_script_setup *setup, uint64_t steps_max, struct sl_script **out,
                                       struct sl_err *err);

/*
 * sl_script_run - run it; once. A script with an error is an answer: SL_OK, and end says so; no plan is then sent.
 * Fails: what the sink fails with; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_script_run(struct sl_script *s, const struct sl_script_sink *sink, struct sl_err *err);

void sl_script_free(struct sl_script *s);

#endif
