/*
 * limits.h - the script's two budgets: memory of the Lua state and steps. Both end in clean Lua errors.
 */
#ifndef SL_SCRIPT_LIMITS_H
#define SL_SCRIPT_LIMITS_H

#include "enclave/script/state.h"

/* sl_limits_alloc - lua_Alloc over malloc that refuses beyond memory_max; ud is the script. */
void *sl_limits_alloc(void *ud, void *ptr, size_t osize, size_t nsize);

/* sl_limits_start - count steps from now on. */
void sl_limits_start(struct sl_script *s);

/*
 * sl_limits_charge - n more steps, for C functions whose work grows with their input; raises when the
 * budget is spent.
 */
void sl_limits_charge(lua_State *L, uint64_t n);

/* sl_limits_stick - raise again if the budget is spent: whoever caught an error calls it first. */
void sl_limits_stick(lua_State *L);

#endif
