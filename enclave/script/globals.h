/*
 * globals.h - what a script can name, as data: each row allowed has its reason, each row refused its answer.
 */
#ifndef SL_SCRIPT_GLOBALS_H
#define SL_SCRIPT_GLOBALS_H

#include <stddef.h>

#include <lua.h>

enum sl_global_kind {
	SL_GLOBAL_REFUSED = 0, /* known in stock Lua; why is told to the author */
	SL_GLOBAL_STOCK,       /* Lua's own */
	SL_GLOBAL_OWN,         /* function of ours; the stock one, if any, is its upvalue */
	SL_GLOBAL_VERB,        /* bound elsewhere (bind.c) */
};

struct sl_global {
	const char *library;   /* "" : a global; else the table it stands in */
	const char *name;
	enum sl_global_kind kind;
	lua_CFunction own;
	const char *why;
};

extern const struct sl_global sl_globals_table[];
extern const size_t sl_globals_count;

/*
 * sl_globals_install - open the stock libraries, keep what the table allows, and make that the world of
 * chunks loaded from now on: names of the table cannot be assigned, libraries cannot be changed, an unknown
 * name is an error. The table at the top of the stack (name → value: verbs and params) is popped and joins in.
 * Raises on lack of memory: call it protected.
 */
void sl_globals_install(lua_State *L);

#endif
