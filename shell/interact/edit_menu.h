#ifndef MISH_INTERACT_EDIT_MENU_H
#define MISH_INTERACT_EDIT_MENU_H

#include "shell/interact/edit_keys.h"

/* What a word may be, shown: as a list that stays on the screen, or as a menu in which the arrow keys choose. */

/* Names in columns, or one a row with what it is. Takes away from the names what no terminal may get. */
void edit_menu_list(struct edit *e, struct complete_list *l);

/*
 * Calls show() with the number of the one that is looked at, and with l->all.n where none is wanted. Returns the one that was taken
 * with Enter, else l->all.n: then the key that ended it is still to come.
 */
size_t edit_menu_choose(struct edit *e, struct complete_list *l, void (*show)(void *arg, size_t i), void *arg);

#endif
