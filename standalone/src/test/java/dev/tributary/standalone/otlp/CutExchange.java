package dev.tributary.standalone.otlp;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A request whose answer does not get through. */
final class CutExchange extends HttpExchange {
  private final Headers headers = new Headers();
  private final Throwable end;
  private int closed;

  /** What sending the answer ends with: an {@link IOException} or an {@link Error}. */
  CutExchange(Throwable end) {
    this.end = end;
  }

  /** How often the exchange was closed. */
  int closed() {
    return closed;
  }

  @Override
  public void sendResponseHeaders(int status, long length) throws IOException {
    if (end instanceof Error error) {
      throw error;
    }
    throw new IOException(end);
  }

  @Override
  public void close() {
    closed++;
  }

  @Override
  public Headers getRequestHeaders() {
    return headers;
  }

  @Override
  public Headers getResponseHeaders() {
    return headers;
  }

  @Override
  public URI getRequestURI() {
    throw notAsked();
  }

  @Override
  public String getRequestMethod() {
    throw notAsked();
  }

  @Override
  public HttpContext getHttpContext() {
    throw notAsked();
  }

  @Override
  public InputStream getRequestBody() {
    throw notAsked();
  }

  @Override
  public OutputStream getResponseBody() {
    throw notAsked();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    throw notAsked();
  }

  @Override
  public int getResponseCode() {
    throw notAsked();
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    throw notAsked();
  }

  @Override
  public String getProtocol() {
    throw notAsked();
  }

  @Override
  public Object getAttribute(String name) {
    throw notAsked();
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    throw notAsked();
  }

  @Override
  public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
    throw notAsked();
  }

  @Override
  public HttpPrincipal getPrincipal() {
    throw notAsked();
  }

  private static UnsupportedOperationException notAsked() {
    return new UnsupportedOperationException("an answer asks for no such thing");
  }
}
