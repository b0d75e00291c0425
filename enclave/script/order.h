/*
 * order.h - table keys in a fixed order: numbers by value, then texts by bytes, then false and true.
 *
 * Lua's own order depends on a seed taken from clock and addresses; plans must not.
 */
#ifndef SL_SCRIPT_ORDER_H
#define SL_SCRIPT_ORDER_H

#include <lua.h>

/*
 * sl_order_keys - push an array of the keys of the table at `index`, in order. Raises for keys without one
 * (tables, functions).
 */
void sl_order_keys(lua_State *L, int index);

/* sl_order_next - Lua function next(t [, key]): the key behind `key` in that order, and its value. */
int sl_order_next(lua_State *L);

/* sl_order_pairs - Lua function pairs(t). */
int sl_order_pairs(lua_State *L);

#endif
