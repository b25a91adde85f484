#ifndef MISH_PARSER_HINT_H
#define MISH_PARSER_HINT_H

/* How a word of csh's is written here, for a message; NULL: it is none of those. */
const char *hint_for(const char *word);

#endif
