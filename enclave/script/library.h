/*
 * library.h - functions of the script's Lua that differ from the stock ones, and why (globals.c names the reason
 * of each). Those that wrap a stock function find it in their first upvalue.
 */
#ifndef SL_SCRIPT_LIBRARY_H
#define SL_SCRIPT_LIBRARY_H

#include <lua.h>

int sl_library_tostring(lua_State *L);
int sl_library_print(lua_State *L);
int sl_library_type(lua_State *L);
int sl_library_pcall(lua_State *L);
int sl_library_xpcall(lua_State *L);
int sl_library_format(lua_State *L);
int sl_library_sort(lua_State *L);
int sl_library_move(lua_State *L);

/* sl_library_typename - type(v), with "relation" for ours. */
const char *sl_library_typename(lua_State *L, int index);

#endif
