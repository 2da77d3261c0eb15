/* own_program.h - where this very program is, to be run again */
#ifndef TALI_OWN_PROGRAM_H
#define TALI_OWN_PROGRAM_H

/* Its absolute path, or "tali" where the system does not tell. Yours. */
char *own_program_path(void);

/* The same as one word of a shell's. Yours. */
char *own_program_word(void);

#endif
