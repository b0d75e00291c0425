/*
 * fault.h - errors with a place: from a struct sl_err to a Lua error, and from a Lua error to SCRIPT_END.
 */
#ifndef SL_SCRIPT_FAULT_H
#define SL_SCRIPT_FAULT_H

#include "enclave/script/state.h"

/*
 * sl_fault_raise - raise err as a Lua error of the line that is running.
 *   culprit  in  the text the error is about, or NULL: Lua counts a chain of calls over several lines as its first,
 *                so the line is looked for from there on
 * Never returns. err must not own anything.
 */
_Noreturn void sl_fault_raise(lua_State *L, const struct sl_err *err, const char *culprit);

/* sl_fault_raisef - the same for a plain text and remedy (NULL: none). */
_Noreturn void sl_fault_raisef(lua_State *L, const char *remedy, const char *fmt, ...) SL_PRINTF(3, 4);

/* sl_fault_line - line of the script that is running; 0: none. */
uint32_t sl_fault_line(lua_State *L);

/*
 * sl_fault_end - fill end (texts on the heap, free with sl_codec_free) from the error value on top of the
 * stack, without calling into it. SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_fault_end(struct sl_script *s, int status, struct sl_script_end *end, struct sl_err *err);

#endif
