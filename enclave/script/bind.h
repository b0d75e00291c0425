/*
 * bind.h - from, output and the verbs as Lua sees them: arguments checked, then relation.h does the work.
 */
#ifndef SL_SCRIPT_BIND_H
#define SL_SCRIPT_BIND_H

#include <lua.h>

/* sl_bind_verbs - push a table with from, output and params, for sl_globals_install. Raises on lack of memory. */
void sl_bind_verbs(lua_State *L);

#endif
