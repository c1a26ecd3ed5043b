package dev.tributary.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The files of the pages, read once: ours, and the chart library from its own jar. */
final class Assets {
  /** Addresses that people see; the one page reads which of them it is. */
  static final List<String> PAGES =
      List.of("/", "/spend", "/episodes", "/episode", "/traces", "/trace", "/session", "/prompts");

  private static final String OWN = "/dev/tributary/console/web/";
  private static final List<String> FILES =
      List.of(
          "console.css",
          "icon.svg",
          "going.js",
          "main.js",
          "api.js",
          "charts.js",
          "controls.js",
          "dom.js",
          "episodes.js",
          "nothing.js",
          "numbers.js",
          "prompts.js",
          "state.js",
          "spend.js",
          "trace.js",
          "traces.js");

  /** The only place that names the folder of the library's release. */
  private static final String CHART = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** A file: its media type, its bytes, and a tag that changes with them. */
  static final class Asset {
    private final String type;
    private final byte[] body;
    private final String tag;

    Asset(String type, byte[] body) {
      CRC32 sum = new CRC32();
      sum.update(body);
      this.type = type;
      this.body = body;
      this.tag = "\"" + Long.toHexString(sum.getValue()) + "\"";
    }

    String type() {
      return type;
    }

    /** Not to be changed. */
    byte[] body() {
      return body;
    }

    String tag() {
      return tag;
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final Map<String, Asset> byPath = new TreeMap<>();

  Assets() {
    Asset page = read(OWN + "index.html", "html");
    PAGES.forEach(path -> byPath.put(path, page));
    for (String file : FILES) {
      byPath.put("/assets/" + file, read(OWN + file, file.substring(file.lastIndexOf('.') + 1)));
    }
    byPath.put("/assets/uplot.js", read(CHART + "uPlot.esm.js", "js"));
    byPath.put("/assets/uplot.css", read(CHART + "uPlot.min.css", "css"));
  }

  /** The file of a path; null: there is none. */
  @Nullable Asset at(String path) {
    return byPath.get(path);
  }

  private static Asset read(String resource, String extension) {
    try (InputStream in = Assets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return new Asset(String.valueOf(TYPES.get(extension)), in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }
}
