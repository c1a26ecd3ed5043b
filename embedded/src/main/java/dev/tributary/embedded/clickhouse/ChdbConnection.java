package dev.tributary.embedded.clickhouse;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the engine with its session state. It runs one statement at a time and belongs
 * to one thread at a time; the pool and the session table see to that.
 */
final class ChdbConnection implements AutoCloseable {

  /** What the engine's own parser says a text would do; {@code control} covers SET, USE, SYSTEM. */
  record Analysis(int statements, boolean readOnly, boolean control) {}

  private static final int POINTER_BYTES = Native.POINTER_SIZE;

  /**
   * Large enough that a call costs nothing beside its bytes, small enough for one per pool slot.
   */
  private static final int APPEND_BYTES = 256 * 1024;

  private static final int UNKNOWN_SETTING = 115;
  private static final int CLASS_READ_ONLY = 0;
  private static final int CLASS_CONTROL = 3;
  private static final String DEFAULT_DATABASE = "default";

  /** While one of these is in force the engine lets settings go back, but not to other values. */
  private static final Set<String> LOCKING = Set.of("readonly", "allow_ddl");

  private final Pointer handle;
  private final Pointer connection;
  private String database = DEFAULT_DATABASE;

  /** Settings of the last request; the next request's {@link #prepare} resets them. */
  private final Map<String, String> applied = new TreeMap<>();

  private byte @Nullable [] transfer;
  private @Nullable Memory appendMemory;

  private ChdbConnection(Pointer handle) {
    this.handle = handle;
    this.connection = handle.getPointer(0);
  }

  /** Connects; the first connection of the process boots the engine on its {@code --path}. */
  static ChdbConnection open(List<String> arguments) throws EngineException {
    List<Memory> keep = new ArrayList<>();
    Memory argv = new Memory((long) POINTER_BYTES * (arguments.size() + 1));
    argv.clear();
    for (int i = 0; i < arguments.size(); i++) {
      Memory text = cString(arguments.get(i));
      keep.add(text);
      argv.setPointer((long) i * POINTER_BYTES, text);
    }
    Pointer handle = Chdb.chdb_connect(arguments.size(), argv);
    keep.forEach(Memory::close);
    argv.close();
    if (handle == null) {
      throw EngineException.of(
          76, "CANNOT_OPEN_FILE", "The engine refused to open the data path: " + arguments);
    }
    return new ChdbConnection(handle);
  }

  /**
   * Brings database and settings to what a request asks for; settings of the request before go back
   * to their defaults. Settings the engine refuses leave all of them at their defaults.
   *
   * @param wantedDatabase null to stay in the current one
   */
  void prepare(@Nullable String wantedDatabase, Map<String, String> settings)
      throws EngineException {
    if (!applied.equals(settings)) {
      applySettings(settings);
    }
    if (wantedDatabase != null && !wantedDatabase.equals(database)) {
      execute("USE " + SqlText.identifier(wantedDatabase));
      database = wantedDatabase;
    }
  }

  /** To be called after a statement that may have moved to another database (USE). */
  void forgetDatabase() {
    database = "";
  }

  private void applySettings(Map<String, String> settings) throws EngineException {
    boolean isLocked = applied.keySet().stream().anyMatch(LOCKING::contains);
    List<String> resets =
        applied.keySet().stream()
            .filter(name -> isLocked || !settings.containsKey(name))
            .map(n -> n + " = DEFAULT")
            .toList();
    if (!resets.isEmpty()) {
      execute("SET " + String.join(", ", resets));
    }
    applied.clear();
    if (settings.isEmpty()) {
      return;
    }
    List<String> assignments = new ArrayList<>();
    settings.forEach((name, value) -> assignments.add(name + " = " + SqlText.quote(value)));
    try {
      execute("SET " + String.join(", ", assignments));
      applied.putAll(settings);
    } catch (EngineException e) {
      // The engine stops at the first wrong one; those before it are in force.
      for (String name : settings.keySet()) {
        resetIfKnown(name);
      }
      throw e;
    }
  }

  private void resetIfKnown(String name) throws EngineException {
    try {
      execute("SET " + name + " = DEFAULT");
    } catch (EngineException e) {
      if (e.code() != UNKNOWN_SETTING) {
        throw e;
      }
    }
  }

  /** Runs a statement that yields nothing of interest. */
  void execute(String sql) throws EngineException {
    query(sql.getBytes(StandardCharsets.UTF_8), "TabSeparated", Map.of()).close();
  }

  /** Runs a statement and returns its whole result, held outside the heap until closed. */
  NativeResult query(byte[] sql, String format, Map<String, String> parameters)
      throws EngineException {
    byte[] formatName = format.getBytes(StandardCharsets.UTF_8);
    try (ParameterArrays p = ParameterArrays.of(parameters)) {
      return NativeResult.checked(
          Chdb.chdb_query_with_params_n(
              connection,
              sql,
              sql.length,
              formatName,
              formatName.length,
              p.names,
              p.nameLengths,
              p.values,
              p.valueLengths,
              p.count));
    }
  }

  /**
   * Starts a SELECT whose result is fetched in chunks. The engine refuses any other statement here
   * before it runs anything (code 36, "Streaming query is not supported"), see {@link
   * #isNotStreamable}.
   */
  ResultStream stream(byte[] sql, String format, Map<String, String> parameters)
      throws EngineException {
    byte[] formatName = format.getBytes(StandardCharsets.UTF_8);
    try (ParameterArrays p = ParameterArrays.of(parameters)) {
      NativeResult stream =
          NativeResult.checked(
              Chdb.chdb_stream_query_with_params_n(
                  connection,
                  sql,
                  sql.length,
                  formatName,
                  formatName.length,
                  p.names,
                  p.nameLengths,
                  p.values,
                  p.valueLengths,
                  p.count));
      return new ResultStream(connection, stream);
    }
  }

  static boolean isNotStreamable(EngineException e) {
    return e.code() == 36 && e.text().contains("Streaming query is not supported");
  }

  /**
   * Inserts the bytes of {@code data} up to its end. Nothing is inserted when reading fails, except
   * blocks the engine already flushed (ClickHouse's own semantics).
   *
   * @param head the INSERT without FORMAT clause and data
   */
  NativeResult insert(byte[] head, String format, Map<String, String> parameters, InputStream data)
      throws EngineException, IOException {
    byte[] formatName = format.getBytes(StandardCharsets.UTF_8);
    Pointer stream;
    try (ParameterArrays p = ParameterArrays.of(parameters)) {
      stream =
          Chdb.chdb_stream_insert_with_params_n(
              connection,
              head,
              head.length,
              formatName,
              formatName.length,
              p.names,
              p.nameLengths,
              p.values,
              p.valueLengths,
              p.count);
    }
    boolean finished = false;
    try {
      failOnInsertError(stream);
      append(stream, data);
      NativeResult result = NativeResult.checked(Chdb.chdb_stream_done(stream));
      finished = true;
      return result;
    } finally {
      if (!finished) {
        Chdb.chdb_stream_cancel_insert(stream);
      }
      Chdb.chdb_destroy_insert_stream(stream);
    }
  }

  private void append(Pointer stream, InputStream data) throws IOException, EngineException {
    byte[] bytes = transferBuffer();
    Memory memory = appendMemory();
    int read;
    while ((read = data.readNBytes(bytes, 0, bytes.length)) > 0) {
      memory.write(0, bytes, 0, read);
      if (Chdb.chdb_stream_append(stream, memory, read) != 0) {
        failOnInsertError(stream);
        throw EngineException.of(1002, "UNKNOWN_EXCEPTION", "The engine refused inserted data");
      }
    }
  }

  private static void failOnInsertError(Pointer stream) throws EngineException {
    Pointer error = Chdb.chdb_stream_insert_error(stream);
    if (error != null) {
      throw EngineException.ofEngine(error.getString(0, "UTF-8"));
    }
  }

  /** Asks the engine's parser what a text would do, without running it. */
  Analysis analyse(byte[] sql) {
    try (Memory report = new Memory(16)) {
      report.clear();
      report.setInt(0, 16);
      int state = Chdb.chdb_classify_query_n(connection, sql, sql.length, null, 0, report);
      int queryClass = report.getInt(12);
      return new Analysis(
          report.getInt(4),
          state == 0 && queryClass == CLASS_READ_ONLY,
          state != 0 || queryClass >= CLASS_CONTROL);
    }
  }

  private byte[] transferBuffer() {
    byte[] buffer = transfer;
    if (buffer == null) {
      buffer = new byte[APPEND_BYTES];
      transfer = buffer;
    }
    return buffer;
  }

  private Memory appendMemory() {
    Memory memory = appendMemory;
    if (memory == null) {
      memory = new Memory(APPEND_BYTES);
      appendMemory = memory;
    }
    return memory;
  }

  @Override
  public void close() {
    Chdb.chdb_close_conn(handle);
    if (appendMemory != null) {
      appendMemory.close();
    }
  }

  private static Memory cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }

  /** The C arrays of query parameters; all null for none. */
  private static final class ParameterArrays implements AutoCloseable {
    final @Nullable Memory names;
    final @Nullable Memory nameLengths;
    final @Nullable Memory values;
    final @Nullable Memory valueLengths;
    final int count;
    private final List<Memory> owned = new ArrayList<>();

    private ParameterArrays(Map<String, String> parameters) {
      count = parameters.size();
      if (count == 0) {
        names = null;
        nameLengths = null;
        values = null;
        valueLengths = null;
        return;
      }
      names = own(new Memory((long) count * POINTER_BYTES));
      nameLengths = own(new Memory((long) count * Native.SIZE_T_SIZE));
      values = own(new Memory((long) count * POINTER_BYTES));
      valueLengths = own(new Memory((long) count * Native.SIZE_T_SIZE));
      int i = 0;
      for (Map.Entry<String, String> parameter : parameters.entrySet()) {
        put(names, nameLengths, i, parameter.getKey());
        put(values, valueLengths, i, parameter.getValue());
        i++;
      }
    }

    static ParameterArrays of(Map<String, String> parameters) {
      return new ParameterArrays(parameters);
    }

    private void put(Memory texts, Memory lengths, int index, String text) {
      Memory memory = own(cString(text));
      texts.setPointer((long) index * POINTER_BYTES, memory);
      lengths.setLong((long) index * Native.SIZE_T_SIZE, memory.size() - 1);
    }

    private Memory own(Memory memory) {
      owned.add(memory);
      return memory;
    }

    @Override
    public void close() {
      owned.forEach(Memory::close);
    }
  }
}
