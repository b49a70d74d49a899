const __vite__mapDeps=(i,m=__vite__mapDeps,d=(m.f||(m.f=["./uPlot-CnsZ1jie.css"])))=>i.map(i=>d[i]);
import{$ as e,A as t,E as n,I as r,P as i,Q as a,R as o,T as s,a as c,ct as l,i as u,it as d,j as f,k as p,lt as m,m as h,n as g,r as _,st as v,t as y,ut as b,v as x,w as S,y as C}from"./index-BOBro0gq.js";var w=150,T=e=>getComputedStyle(document.documentElement).getPropertyValue(e).trim();function E({title:e,now:t,times:n,series:r,unit:o=``,most:s}){let c=b(null),u=b(null),f=[n,...r.map(e=>e.values)],p=b(f);return p.current=f,l(()=>{let e=!1,t;return Promise.all([C(()=>import(`./uPlot.esm-BScb58at.js`),[],import.meta.url),C(()=>Promise.resolve({}),__vite__mapDeps([0]),import.meta.url)]).then(([{default:n}])=>{let i=c.current;!e&&i&&(u.current=new n(D(i.clientWidth,r.map(e=>e.name),o,s),p.current,i),t=new ResizeObserver(()=>u.current?.setSize({width:i.clientWidth,height:w})),t.observe(i))}),()=>{e=!0,t?.disconnect(),u.current?.destroy(),u.current=null}},[d.value,a.value]),l(()=>u.current?.setData(f),[n.at(-1)]),i(`figure`,{class:`curve`,children:[i(`figcaption`,{children:[i(`span`,{children:e}),i(`strong`,{children:t})]}),i(`div`,{ref:c,class:`plot`,role:`img`,"aria-label":`${e}: ${t}`}),r.length>1&&i(`p`,{class:`legend`,"aria-hidden":`true`,children:r.map((e,t)=>i(`span`,{class:`key key-${t+1}`,children:e.name},e.name))})]})}function D(e,t,n,r){let i={stroke:T(`--dim`),font:`11px `+T(`--font`),grid:{stroke:T(`--line`),width:1},ticks:{show:!1}};return{width:e,height:w,legend:{show:!1},cursor:{y:!1,points:{size:6}},scales:{y:{range:(e,t,n)=>[0,r??Math.max(n*1.1,1)]}},axes:[{...i,size:26,grid:{show:!1},space:80,values:(e,t)=>t.map(e=>new Date(e*1e3).toLocaleTimeString([],{hour:`2-digit`,minute:`2-digit`}))},{...i,size:44,space:32,values:(e,t)=>t.map(e=>`${e>=1e3?e/1e3+`k`:e}${n.trim()===`%`?`%`:``}`)}],series:[{},...t.map((e,t)=>({label:e,stroke:T(`--curve-${t+1}`),width:1.75,fill:t===0?T(`--curve-fill`):void 0,points:{show:!1}}))]}}var O={page:null,openai:`OpenAI`,anthropic:`Anthropic`,ollama:`Ollama`};function k({all:n}){return i(`section`,{"aria-labelledby":`requests`,children:[i(`h2`,{id:`requests`,children:e(`requests`)}),n.length===0?i(`p`,{class:`empty`,children:e(`requests.none`)}):i(`div`,{class:`table`,tabIndex:0,role:`region`,"aria-labelledby":`requests`,children:i(`table`,{children:[i(`thead`,{children:i(`tr`,{children:[`from`,`model`,`state`,`since`,`read`,`written`,`speed`].map(t=>i(`th`,{scope:`col`,children:e(`requests.${t}`)},t))})}),i(`tbody`,{children:n.map(n=>i(`tr`,{children:[i(`td`,{children:O[n.api]??e(`requests.page`)}),i(`td`,{children:o(n.model)}),i(`td`,{children:e(`stage.${n.state}`)}),i(`td`,{class:`number`,children:t(Date.now()-n.started)}),i(`td`,{class:`number`,children:n.prompt_tokens===null?`–`:s(n.prompt_tokens)}),i(`td`,{class:`number`,children:s(n.completion_tokens)}),i(`td`,{class:`number`,children:n.tokens_per_second===null?`–`:e(`counts.speed`,{n:p(n.tokens_per_second)})})]},n.id))})]})})]})}var A=[{id:`curl`,name:`curl`,code:`bash`},{id:`python`,name:`Python`,code:`python`},{id:`javascript`,name:`JavaScript`,code:`javascript`},{id:`java`,name:`Java`,code:`java`}];function j(e,t,n,r){let i=`${t}/v1/chat/completions`,a=JSON.stringify(n);switch(e){case`curl`:return`curl ${i} \\
  -H 'Content-Type: application/json' \\${r?`
  -H "Authorization: Bearer $HADAL_API_KEY" \\`:``}
  -d '{"model": ${a}, "messages": [{"role": "user", "content": "Why is the sea blue?"}]}'
`;case`python`:return`${r?`import os
`:``}from openai import OpenAI  # pip install openai

client = OpenAI(base_url="${t}/v1", api_key=${r?`os.environ["HADAL_API_KEY"]`:`"none"`})
stream = client.chat.completions.create(
    model=${a},
    messages=[{"role": "user", "content": "Why is the sea blue?"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
`;case`javascript`:return`// node ask.mjs
const response = await fetch("${i}", {
  method: "POST",
  headers: { "Content-Type": "application/json"${r?", Authorization: `Bearer ${process.env.HADAL_API_KEY}`":``} },
  body: JSON.stringify({
    model: ${a},
    messages: [{ role: "user", content: "Why is the sea blue?" }],
  }),
});
const answer = await response.json();
console.log(answer.choices[0].message.content);
`;case`java`:return`// java Ask.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

class Ask {
  public static void main(String[] args) throws Exception {
    String body =
        """
        {"model": ${a}, "messages": [{"role": "user", "content": "Why is the sea blue?"}]}
        """;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("${i}"))
            .header("Content-Type", "application/json")${r?`
            .header("Authorization", "Bearer " + System.getenv("HADAL_API_KEY"))`:``}
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    System.out.println(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
`}}function M({address:t,keyed:n}){let a=v(`curl`),o=b(null),s=j(a.value,t,r.value??`tiny`,n);return m(()=>{let e=new x(A.find(e=>e.id===a.value).code);e.update(s,!0),o.current.replaceChildren(e.element)},[s]),i(`section`,{"aria-labelledby":`snippets`,children:[i(`h2`,{id:`snippets`,children:e(`snippets`)}),i(`p`,{class:`dim`,children:e(`snippets.hint`,{address:t})}),i(`div`,{class:`tabs`,role:`tablist`,"aria-label":e(`snippets`),onKeyDown:e=>{let t=e.key===`ArrowRight`?1:e.key===`ArrowLeft`?-1:0;if(t===0)return;let n=A.findIndex(e=>e.id===a.value);a.value=A[(n+t+A.length)%A.length].id,requestAnimationFrame(()=>document.getElementById(`tab-`+a.value)?.focus())},children:A.map(({id:e,name:t})=>i(`button`,{id:`tab-`+e,type:`button`,role:`tab`,"aria-selected":a.value===e,"aria-controls":`snippet`,tabIndex:a.value===e?0:-1,onClick:()=>a.value=e,children:t},e))}),i(`div`,{id:`snippet`,ref:o,role:`tabpanel`,"aria-labelledby":`tab-`+a.value})]})}function N(){l(()=>void u(),[]);let r=_.value??g.value.at(-1),a=y.value,o=g.value.map(({time:e})=>e/1e3);return i(`div`,{class:`view`,children:[i(h,{title:i(`h1`,{children:e(`view.server`)})}),i(`div`,{class:`view-inside wide`,tabIndex:-1,children:[c.value&&i(f,{failure:c.value,onRetry:()=>void u()}),a&&i(`p`,{class:`facts`,children:[i(`span`,{children:[`Hadal `,a.version]}),i(`span`,{children:e(`server.backend`,{backend:a.backend,threads:a.threads})}),i(`span`,{children:a.processor}),i(`span`,{children:[`Java `,a.java]}),i(`span`,{children:e(`server.up`,{time:t(Date.now()-a.started)})})]}),r&&i(`div`,{class:`curves`,children:[i(E,{title:e(`curve.speed`),now:e(`counts.speed`,{n:p(r.tokens_per_second)}),times:o,series:[{name:e(`curve.out`),values:g.value.map(e=>e.tokens_per_second)},{name:e(`curve.in`),values:g.value.map(e=>e.prompt_tokens_per_second)}]}),i(E,{title:e(`curve.queue`),now:e(`curve.queue.now`,{running:r.running,waiting:r.waiting}),times:o,series:[{name:e(`curve.running`),values:g.value.map(e=>e.running)},{name:e(`curve.waiting`),values:g.value.map(e=>e.waiting)}]}),i(E,{title:e(`curve.kv`),now:`${S(r.kv_used_bytes)} / ${S(r.kv_total_bytes)}`,times:o,most:100,unit:`%`,series:[{name:e(`curve.kv`),values:g.value.map(e=>e.kv_total_bytes?100*e.kv_used_bytes/e.kv_total_bytes:0)}]}),i(E,{title:e(`curve.latency`),now:r.first_token_ms===null?`–`:n(r.first_token_ms),times:o,unit:` ms`,series:[{name:e(`curve.first`),values:g.value.map(e=>e.first_token_ms)},{name:e(`curve.token`),values:g.value.map(e=>e.token_ms)}]})]}),r&&i(k,{all:r.requests}),a&&i(M,{address:a.address,keyed:a.key_required})]})]})}export{N as ServerView};