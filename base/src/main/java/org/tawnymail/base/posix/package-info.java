/**
 * The operating system: what POSIX offers and the JDK does not, through the foreign-function interface. Linux first;
 * elsewhere each call ends with a clear {@link java.lang.UnsupportedOperationException}.
 *
 * <ul>
 *   <li>errors and their texts: {@link org.tawnymail.base.posix.Errno}, {@link org.tawnymail.base.posix.SystemError}
 *   <li>who is who: {@link org.tawnymail.base.posix.Accounts}, {@link org.tawnymail.base.posix.PasswordHash}
 *   <li>who we are: {@link org.tawnymail.base.posix.ThisProcess} for the whole process, {@link
 *       org.tawnymail.base.posix.FileIdentity} for one piece of work on files
 *   <li>files: {@link org.tawnymail.base.posix.FileStatus}, {@link org.tawnymail.base.posix.LockedFile}, {@link
 *       org.tawnymail.base.posix.ScratchFile}, {@link org.tawnymail.base.posix.FileSystemSync}
 *   <li>descriptors by number: {@link org.tawnymail.base.posix.OpenFileInput}, {@link
 *       org.tawnymail.base.posix.OpenFileOutput}
 * </ul>
 *
 * <p>The first native call of a process costs some 60 ms of processor time, even from a warm-start archive. So nothing here touches the interface before it must:
 * each group of functions is a class of its own, loaded when one of them is first called.
 */
@NullMarked
package org.tawnymail.base.posix;

import org.jspecify.annotations.NullMarked;
