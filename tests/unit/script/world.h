/*
 * world.h - a small catalogue of invented tables, and a script run against it in this process.
 */
#ifndef SL_TEST_WORLD_H
#define SL_TEST_WORLD_H

#include "enclave/script/script.h"

struct world_result {
	enum sl_rc rc;
	struct sl_err err;
	struct sl_script_end end;   /* owned copy */
	char *printed;              /* "" : nothing */
	struct sl_plan plans[SL_PLANS_MAX];
	uint32_t nplans;
	struct sl_buf bytes;        /* everything that was handed over, in order */
};

/* world_view - borrowed, static. */
const struct sl_view *world_view(void);

/* world_setup - a setup over text (NUL-terminated) with the view, parameters min=18 and site=north, 16 MiB. */
struct sl_script_setup world_setup(const char *text);

/* world_run_setup - run it; r is filled and freed with world_free. steps as sl_script_new. */
void world_run_setup(const struct sl_script_setup *setup, uint64_t steps, struct world_result *r);

/* world_run - world_setup with a million steps. */
void world_run(const char *text, struct world_result *r);
void world_free(struct world_result *r);

/* world_expect_ok - run text; fails the test unless it ran to its end. The caller frees r. */
void world_expect_ok(const char *text, struct world_result *r);

/* world_expect_error - run text; fails the test unless it ends with exactly this. NULL: not compared. */
void world_expect_error(const char *text, uint32_t line, const char *message, const char *remedy);

#endif
