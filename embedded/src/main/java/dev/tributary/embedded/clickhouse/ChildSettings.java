package dev.tributary.embedded.clickhouse;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the child is told. It travels over its standard input, so that the password is in no
 * argument and no environment that other users can read.
 *
 * @param port 0 for any
 * @param password null to accept every caller
 * @param patience with a client that sends and reads nothing
 */
record ChildSettings(
    Path library,
    Path dataDir,
    int port,
    String user,
    @Nullable String password,
    long maxMemoryBytes,
    int connections,
    Duration patience) {

  void writeTo(DataOutputStream out) throws IOException {
    out.writeUTF(library.toString());
    out.writeUTF(dataDir.toString());
    out.writeInt(port);
    out.writeUTF(user);
    out.writeBoolean(password != null);
    out.writeUTF(password == null ? "" : password);
    out.writeLong(maxMemoryBytes);
    out.writeInt(connections);
    out.writeLong(patience.toMillis());
    out.flush();
  }

  static ChildSettings readFrom(DataInputStream in) throws IOException {
    Path library = Path.of(in.readUTF());
    Path dataDir = Path.of(in.readUTF());
    int port = in.readInt();
    String user = in.readUTF();
    boolean hasPassword = in.readBoolean();
    String password = in.readUTF();
    return new ChildSettings(
        library,
        dataDir,
        port,
        user,
        hasPassword ? password : null,
        in.readLong(),
        in.readInt(),
        Duration.ofMillis(in.readLong()));
  }
}
