/* box.c - see box.h. */
#include "enclave/script/box.h"

#include <stdlib.h>

/* In the list of its script, so that nothing is lost when a finaliser could not run. */
struct sl_box {
	struct sl_relation rel;
	struct sl_box *next, **at;
};

static void free_box(struct sl_box *b)
{
	*b->at = b->next;
	if (b->next != NULL)
		b->next->at = b->at;
	sl_codec_free(&sl_relation_record, &b->rel);
	free(b);
}

#define RELATIONS_FEW 256
struct sl_relation *sl_box_new(lua_State *L)
{
	struct sl_script *s = sl_state_of(L);

	/* Lua does not see what a relation holds, so garbage is collected by their number. */
	if (s->relations >= s->relations_gc_at) {
		lua_gc(L, LUA_GCCOLLECT);
		s->relations_gc_at = s->relations < RELATIONS_FEW / 2 ? RELATIONS_FEW : 2 * s->relations;
	}
	struct sl_box **held = lua_newuserdatauv(L, sizeof *held, 0);
	*held = NULL;
	luaL_setmetatable(L, SL_BOX_TYPE);
	struct sl_box *b = calloc(1, sizeof *b);
	if (b == NULL)
		luaL_error(L, "not enough memory");
	*held = b;
	b->next = s->boxes;
	b->at = &s->boxes;
	if (b->next != NULL)
		b->next->at = &b->next;
	s->boxes = b;
	s->relations++;
	return &b->rel;
}

struct sl_relation *sl_box_get(lua_State *L, int index)
{
	struct sl_box **held = luaL_testudata(L, index, SL_BOX_TYPE);

	return held != NULL && *held != NULL ? &(*held)->rel : NULL;
}

int sl_box_collect(lua_State *L)
{
	struct sl_box **held = lua_touserdata(L, 1);

	if (held != NULL && *held != NULL) {
		free_box(*held);
		*held = NULL;
		sl_state_of(L)->relations--;
	}
	return 0;
}

void sl_box_free_all(struct sl_script *s)
{
	while (s->boxes != NULL)
		free_box(s->boxes);
}
