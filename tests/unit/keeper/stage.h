/* stage.h - run a test actor through the keeper and keep what came of it; shared by the confine and keeper tests. */
#ifndef SL_TESTS_KEEPER_STAGE_H
#define SL_TESTS_KEEPER_STAGE_H

#include "enclave/keeper/keeper.h"

struct stage {
	struct sl_keeper_outcome out;
	struct sl_err err;
	enum sl_rc rc;
	char text[65536];    /* the PRINT frames' bodies, one after the other */
};

/* A job for the actor of a program: 16 MiB, ten seconds. path lasts until the next call. */
struct sl_keeper_job stage_job(enum sl_program program);

/* Run it with `words` as setup, accepting up to ten PRINT frames of 64 KiB. stage_clear before the next. */
void stage_run(struct stage *s, const struct sl_keeper_job *job, const char *words);
void stage_clear(struct stage *s);

/*
 * stage_apart - run `body` in a child process prepared by `before` (which may drop rights or add a filter), so that
 * this process stays as it is. True when body returned without a failed check.
 */
bool stage_apart(void (*before)(void), void (*body)(void));

/* Preparations: an account without rights; a host that refuses every new namespace. */
void stage_as_ordinary_user(void);
void stage_without_namespaces(void);

/* A step the host refuses: a system call, when argument `argument` (-1: any) has, under mask (0: all bits), value. */
struct stage_refusal {
	int call, argument, error;
	uint64_t value, mask;
};

/* stage_refuse - from here on, for this process and its children, rows up to one without error. Cannot be undone. */
void stage_refuse(const struct stage_refusal *rows, size_t nrows);

/* stage_listen_on_loopback - in a body of stage_apart: a listening socket; words: "reach:" and its port. */
int stage_listen_on_loopback(char words[static 32]);

/* CHECK - in a body of stage_apart, where cmocka's assertions cannot report: print and leave. */
#define CHECK(cond) \
	do { \
		if (!(cond)) \
			stage_fail(#cond, __FILE__, __LINE__); \
	} while (0)
_Noreturn void stage_fail(const char *what, const char *file, int line);

#endif
