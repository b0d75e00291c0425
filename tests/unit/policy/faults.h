/* faults.h - what the tests of this folder share: files, and allocations that fail on purpose. */
#ifndef SL_TEST_POLICY_FAULTS_H
#define SL_TEST_POLICY_FAULTS_H

#include <stddef.h>

#include "enclave/base/err.h"

/* A good file of tests/data with one place changed, and the message it must give: "line:col: text". */
struct fault {
	const char *name, *from, *to, *expected;
};

/* text_of - a file below tests/data, NUL-terminated heap. text_with - a copy with the first `from` replaced. */
char *text_of(const char *name);
char *text_with(const char *text, const char *from, const char *to);

/* assert_fault - rc is SL_E_INPUT and err says file:expected. */
void assert_fault(const struct fault *f, enum sl_rc rc, const struct sl_err *err);

/* As failing_at of tests/unit/vault/failing.h, jansson's allocations included. */
void faults_at(unsigned long n);

#endif
