/* world.h - an enclave in a scratch folder, people with keys, and a hand that changes state.db behind Sluice's back. */
#ifndef SL_TEST_JOBS_WORLD_H
#define SL_TEST_JOBS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jobs/enclave.h"
#include "tests/unit/sign/scratch.h"

/*
 * cmocka group: a folder with keys olga otto rui ana teo. cmocka test: "enclave" with its "keys" in it, founded by
 * olga.
 */
int world_people(void **state);
int world_found(void **state);
int world_remove(void **state);

/* world_package - package/datapackage.json, and package/persons.csv with two persons of 40 and 50. 0: it is there. */
int world_package(const char *datapackage);

/* The .pub line of a person; valid until the next call for the same person. */
const char *world_key_line(const char *who);

/* world_policy - a policy text into out: olga and otto officers, rui reviewer, ana analyst, teo operator. */
void world_policy(struct sl_buf *out, const char *enclave, unsigned serial, unsigned officers_needed);
/* world_apply - sign as each of the people named, apart by spaces, and apply. */
enum sl_rc world_apply(struct sl_enclave *e, const struct sl_buf *text, const char *signers, struct sl_err *err);

/* world_state - another connection to enclave/state.db, for the caller to close. */
sqlite3 *world_state(void);
/* world_sql - one SQL script run on enclave/state.db by another connection. */
void world_sql(const char *sql);
int64_t world_number(const char *sql);

/* world_leaves - n more leaves "test.done" of olga's, a commit each. */
void world_leaves(struct sl_enclave *e, unsigned n, const char *what);

#endif
