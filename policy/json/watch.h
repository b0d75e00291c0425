/*
 * watch.h - did jansson run out of memory?
 *
 * jansson (2.14 and before) drops the end of a string it has no memory for and goes on, when it parses and when it
 * writes, and reports success. A policy that lost a letter must not load and a record that lost a brace must not be
 * signed, so its allocations are watched. One thread uses jansson at a time.
 */
#ifndef SL_POLICY_JSON_WATCH_H
#define SL_POLICY_JSON_WATCH_H

#include <jansson.h>
#include <stdbool.h>

#include "enclave/base/buf.h"

/*
 * sl_json_write - append json_dumps(root, flags) to out, whole or not at all. root NULL: memory ran out while it was
 * built. Fails: SL_E_NOMEM, SL_E_LIMIT.
 */
SL_MUST_CHECK enum sl_rc sl_json_write(const json_t *root, size_t flags, struct sl_buf *out, struct sl_err *err);

#endif
