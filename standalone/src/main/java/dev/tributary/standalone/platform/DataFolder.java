package dev.tributary.standalone.platform;

import dev.tributary.standalone.text.Complaint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all of an instance's state: {@code kafka registry clickhouse state}. One
 * instance at a time owns it; the lock goes with the process, however that ends.
 */
public final class DataFolder implements AutoCloseable {
  /** Less free space than this, and ClickHouse or Kafka will stop in the middle of something. */
  private static final long MIN_FREE_BYTES = 1L << 30;

  /** Raised when an older Tributary could not read what this one leaves in the folder. */
  private static final String FORMAT = "1";

  private static final String FORMAT_FILE = "format";

  private static final String USER_SECRET = "user-secret";
  private static final int SECRET_BYTES = 32;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path root;
  private final FileChannel lockFile;

  private DataFolder(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
  }

  /**
   * Creates the folder if needed and takes it.
   *
   * @throws PlatformException when it cannot be written, another instance has it, another version
   *     has left it in a format of its own, or the disk is nearly full
   */
  public static DataFolder open(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      // Made here: applications that start side by side take each other's folder for a failure.
      Files.createDirectories(root.resolve("state"));
      FileChannel channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel) == null) {
        channel.close();
        throw new PlatformException("another instance runs on --data " + root);
      }
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < MIN_FREE_BYTES) {
        channel.close();
        throw new PlatformException(
            "--data %s: %d MiB are free, 1024 MiB are needed".formatted(root, free >> 20));
      }
      String format = format(root);
      if (!format.equals(FORMAT)) {
        channel.close();
        throw new PlatformException(
            "--data %s has format %s, this version of Tributary reads %s: start the version that wrote it, or take another folder"
                .formatted(root, format, FORMAT));
      }
      return new DataFolder(root, channel);
    } catch (IOException e) {
      throw new PlatformException("--data " + root + " cannot be used: " + Complaint.of(e), e);
    }
  }

  /**
   * What the folder's file says; a folder without one is new, or older than the file. An empty one
   * is what a power cut leaves.
   */
  private static String format(Path root) throws IOException {
    Path file = root.resolve(FORMAT_FILE);
    if (!Files.exists(file) || Files.size(file) == 0) {
      Path draft = Files.createTempFile(root, FORMAT_FILE, ".new");
      Files.writeString(draft, FORMAT + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.readString(file).strip();
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path kafka() {
    return root.resolve("kafka");
  }

  Path registry() {
    return root.resolve("registry");
  }

  Path clickHouse() {
    return root.resolve("clickhouse");
  }

  Path log() {
    return root.resolve("log");
  }

  Path state() {
    return root.resolve("state");
  }

  /** The secret that makes pseudonyms of user ids, made once per data folder. */
  String userSecret() {
    return findUserSecret(root).orElseGet(this::makeUserSecret);
  }

  private String makeUserSecret() {
    byte[] random = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    Path file = root.resolve(USER_SECRET);
    try {
      // Whole or not at all: half a secret would be another one, and nobody would notice.
      Path draft = Files.createTempFile(root, USER_SECRET, ".new", OWNER_ONLY);
      Files.writeString(draft, secret);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new PlatformException("cannot keep a secret in " + file, e);
    }
    return secret;
  }

  /**
   * The same for commands that run beside the instance. They make none: a pseudonym under a new
   * secret is nobody's.
   *
   * @return empty when no instance has made one in the folder
   * @throws PlatformException when there is one that cannot be read, or that is empty
   */
  public static Optional<String> findUserSecret(Path folder) {
    Path file = folder.resolve(USER_SECRET);
    try {
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new PlatformException(
            file
                + " is empty; without it no pseudonym of before is known: bring it back, or delete it for a new secret");
      }
      return Optional.of(secret);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new PlatformException("cannot read the secret in " + file, e);
    }
  }

  /** Addresses of the running instance, for the other commands. */
  public static Path readyFile(Path folder) {
    return folder.toAbsolutePath().normalize().resolve("ready.json");
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new PlatformException("cannot release --data " + root, e);
    }
  }
}
